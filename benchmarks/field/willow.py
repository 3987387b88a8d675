import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(1)
ds = load_digits()
X = torch.tensor(ds.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(ds.target)
pm = torch.randperm(len(y)); X, y = X[pm], y[pm]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 96)
        self.fc2 = nn.Linear(96, 48)
        self.fc3 = nn.Linear(48, 10)
        nn.init.uniform_(self.fc2.weight, -0.2, 0.1)
    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
ce = nn.CrossEntropyLoss()
for ep in range(20):
    q = torch.randperm(1400)
    for s in range(0, 1400, 56):
        j = q[s:s+56]
        loss = ce(net(X[j]), y[j])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 2 == 0: print('epoch', ep, 'loss', f'{loss.item():.4f}')
with torch.no_grad():
    o = net(X)
    print(f'train loss {ce(o[:1400], y[:1400]):.4f} held-out loss {ce(o[1400:], y[1400:]):.4f} acc {(o[1400:].argmax(1) == y[1400:]).float().mean():.4f}')
