import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(100)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 16
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
loader = DataLoader(TensorDataset(x[:1500], y[:1500]), batch_size=25, shuffle=True)
model = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.05)
ce = nn.CrossEntropyLoss()

def train_one_epoch():
    s = 0
    for xb, yb in loader:
        loss = ce(model(xb), yb)
        loss.backward()
        opt.step()
        s += loss.item()
    return s / len(loader)

for e in range(25):
    tr = train_one_epoch()
    if e % 5 == 4:
        with torch.no_grad():
            te = ce(model(x[1500:]), y[1500:]).item()
        print('epoch', e + 1, 'train', tr, 'test', te)
