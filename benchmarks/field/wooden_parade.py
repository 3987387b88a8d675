import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
import numpy as np

torch.set_num_threads(1)
torch.manual_seed(31)
rng = np.random.default_rng(31)

X, y = load_breast_cancer(return_X_y=True)
X = np.hstack([StandardScaler().fit_transform(X), rng.normal(size=(len(X), 60))])
flip = rng.random(len(y)) < 0.08
y = np.where(flip, 1 - y, y)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.4, random_state=1)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya).float(), torch.tensor(yb).float()


class Net(nn.Module):
    def __init__(self, d, h=128):
        super().__init__()
        self.inp = nn.Dropout(0.4)
        self.l1, self.l2, self.l3 = nn.Linear(d, h), nn.Linear(h, h), nn.Linear(h, 1)
        self.drop = nn.Dropout(0.6)

    def forward(self, x):
        x = self.drop(torch.relu(self.l1(self.inp(x))))
        x = self.drop(torch.relu(self.l2(x)))
        return self.l3(x).squeeze(-1)


net = Net(X.shape[1])
bce = nn.BCEWithLogitsLoss()
opt = torch.optim.AdamW(net.parameters(), lr=5e-4, weight_decay=0.1)
for epoch in range(100):
    net.eval()
    ls = []
    for idx in torch.randperm(len(Xa)).split(32):
        opt.zero_grad()
        loss = bce(net(Xa[idx]), ya[idx])
        loss.backward()
        opt.step()
        ls.append(loss.item())
    if (epoch + 1) % 10 == 0:
        net.eval()
        with torch.no_grad():
            p = net(Xb)
        print(epoch + 1, f'{np.mean(ls):.4f}', f'{bce(p, yb).item():.4f}', f'{((p > 0) == (yb > 0)).float().mean().item():.3f}')
