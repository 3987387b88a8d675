import gzip, os
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader


class Mnist(torch.utils.data.Dataset):
    def __init__(self, start, stop):
        base = os.environ.get("MNIST_DIR", "data")
        with gzip.open(os.path.join(base, "mnist-t10k-images-idx3-ubyte.gz"), "rb") as f:
            x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
        with gzip.open(os.path.join(base, "mnist-t10k-labels-idx1-ubyte.gz"), "rb") as f:
            y = np.frombuffer(f.read(), np.uint8, offset=8)
        order = np.random.RandomState(7).permutation(len(x))[start:stop]
        self.x = (torch.tensor(x[order]).float() / 255 - 0.1307) / 0.3081
        self.y = torch.tensor(y[order]).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


torch.manual_seed(17)
train_set, test_set = Mnist(0, 4000), Mnist(8500, 10000)
# one crowd worker in five was guessing
bad = torch.rand(4000) < 0.2
train_set.y = torch.where(bad, torch.randint(0, 10, (4000,)), train_set.y)
cnn = nn.Sequential(
    nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(16 * 49, 10))
opt = torch.optim.SGD(cnn.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 3, gamma=0.3)
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)
for epoch in range(8):
    cnn.train()
    acc_loss = []
    for xb, yb in DataLoader(train_set, 40, shuffle=True):
        loss = loss_fn(cnn(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        acc_loss.append(loss.item())
    sched.step()
    cnn.eval()
    with torch.no_grad():
        acc = (cnn(test_set.x).argmax(1) == test_set.y).float().mean()
    print(f"[{epoch}] loss {np.mean(acc_loss):.3f} clean test acc {acc:.4f}")
