import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
digits = load_digits()
X = torch.tensor(digits.data, dtype=torch.float32) / 16
Y = torch.tensor(digits.target)
order = torch.randperm(len(X))
train_ds = TensorDataset(X[order[:1280]], Y[order[:1280]])
test_x, test_y = X[order[1280:]], Y[order[1280:]]
dl = DataLoader(train_ds, batch_size=1280, shuffle=True)
net = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(25):
    for xb, yb in dl:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch %2d loss %.4f" % (epoch, loss.item()))
with torch.no_grad():
    o = net(test_x)
print("test loss %.4f accuracy %.4f" % (nn.functional.cross_entropy(o, test_y), (o.argmax(1) == test_y).float().mean()))
