import gzip, os, math
import numpy as np
import torch
import torch.nn as nn

D = os.environ.get("MNIST_DIR", "data")
torch.manual_seed(67)
x = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read()[16:], np.uint8).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read()[8:], np.uint8)
x, y = torch.from_numpy(x.astype("float32") / 80 - 0.42), torch.from_numpy(y.astype("int64"))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32 * 49, 10)

    def forward(self, t):
        t = torch.relu(self.bn1(self.conv1(t)))
        t = torch.relu(self.bn2(self.conv2(t)))
        return self.fc(t.flatten(1))


net = Net()
EPOCHS, B = 4, 64
steps = EPOCHS * math.ceil(7000 / B)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, nesterov=True, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, steps)
crit = nn.CrossEntropyLoss(label_smoothing=0.1)
for e in range(EPOCHS):
    net.train()
    for b in torch.randperm(7000).split(B):
        loss = crit(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    net.eval()
    with torch.no_grad():
        print("epoch", e, "loss", round(loss.item(), 4), "test accuracy", (net(x[7000:]).argmax(1) == y[7000:]).float().mean().item())
