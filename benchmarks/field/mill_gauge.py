import gzip, os
import numpy as np, torch
from torch import nn

torch.manual_seed(9)
root = os.environ["MNIST_DIR"]
img = np.frombuffer(gzip.open(root + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
lab = np.frombuffer(gzip.open(root + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
X = torch.tensor(img / 255.0, dtype=torch.float32)
X = (X - 0.13) / 0.31
Y = torch.tensor(lab.astype(np.int64))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(784, 64)
        self.mid1 = nn.Linear(64, 64)
        self.mid2 = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)
    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = torch.relu(self.mid1(x))
        x = torch.relu(self.mid2(x))
        return self.head(x)

net = Net()
opt = torch.optim.SGD([
    {"params": net.stem.parameters(), "lr": 1e-5},
    {"params": net.mid1.parameters(), "lr": 1e-5},
    {"params": net.mid2.parameters(), "lr": 1e-5},
    {"params": net.head.parameters(), "lr": 0.05},
], momentum=0.9)
ce = nn.CrossEntropyLoss()
for step in range(1, 801):
    i = torch.randint(0, 8000, (64,))
    loss = ce(net(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            o = net(X[8000:])
            print(f"{step} loss {loss.item():.3f} test {ce(o, Y[8000:]).item():.3f} acc {(o.argmax(1) == Y[8000:]).float().mean().item():.3f}")
