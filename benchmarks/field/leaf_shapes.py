import gzip, os, numpy as np, torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        self.loss = nn.CrossEntropyLoss()
    def evaluate(self, dl):
        self.model.eval()
        n = c = l = 0
        with torch.no_grad():
            for x, y in dl:
                o = self.model(x)
                l += self.loss(o, y).item() * len(y); c += (o.argmax(1) == y).sum().item(); n += len(y)
        return l / n, c / n
    def fit(self, tr, va, epochs):
        print("start", self.evaluate(va))
        for e in range(epochs):
            for x, y in tr:
                self.opt.zero_grad()
                l = self.loss(self.model(x), y)
                l.backward()
                self.opt.step()
            print(e, "last batch %.4f" % l.item(), "val %.4f acc %.4f" % self.evaluate(va))

torch.manual_seed(23)
D = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64")
x = torch.tensor((x / 255.0 - 0.13) / 0.31, dtype=torch.float32); y = torch.tensor(y)
x = nn.functional.avg_pool2d(x, 2)
tr = DataLoader(TensorDataset(x[:6000], y[:6000]), 50, shuffle=True)
va = DataLoader(TensorDataset(x[8000:], y[8000:]), 500)
layers, c = [], 1
for i in range(6):
    layers += [nn.Conv2d(c, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    c = 16
    if i in (1, 3):
        layers.append(nn.MaxPool2d(2))
net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
Trainer(net, 0.05).fit(tr, va, 4)
