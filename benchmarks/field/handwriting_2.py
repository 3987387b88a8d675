import gzip
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

DATA = "data/"

def load():
    with gzip.open(DATA + "mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(DATA + "mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), np.uint8, offset=8)
    x = torch.from_numpy(x.copy()).float().div(255).sub(0.1307).div(0.3081)
    return F.avg_pool2d(x, 2), torch.from_numpy(y.astype(np.int64))

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(12)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(24)
        self.fc1 = nn.Linear(24 * 3 * 3, 48)
        self.fc2 = nn.Linear(48, 10)
        nn.init.normal_(self.fc2.weight, 0.0, 2.0)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)

def test(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    print("Test: loss %.4f accuracy %.4f" % (F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()))
    model.train()

def main():
    torch.manual_seed(42)
    x, y = load()
    xtr, ytr, xte, yte = x[:8000], y[:8000], x[8000:], y[8000:]
    model = Net()
    epochs, bs = 5, 64
    steps = epochs * (len(xtr) // bs)
    opt = optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True, weight_decay=5e-4)
    sched = optim.lr_scheduler.OneCycleLR(opt, max_lr=0.06, total_steps=steps)
    for epoch in range(epochs):
        order = torch.randperm(len(xtr))
        for b in range(len(xtr) // bs):
            idx = order[b * bs:(b + 1) * bs]
            opt.zero_grad()
            loss = F.cross_entropy(model(xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
            sched.step()
            if b % 60 == 0:
                print("Train epoch %d [%d] loss %.4f" % (epoch, b, loss.item()))
        test(model, xte, yte)

if __name__ == "__main__":
    main()
