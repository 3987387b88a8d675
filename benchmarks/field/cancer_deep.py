import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(14)
X, y = load_breast_cancer(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, stratify=y, random_state=14)
sc = StandardScaler().fit(Xtr)
Xtr, Xte = torch.FloatTensor(sc.transform(Xtr)), torch.FloatTensor(sc.transform(Xte))
ytr, yte = torch.FloatTensor(ytr), torch.FloatTensor(yte)


class Net(nn.Module):
    def __init__(self, n_in=30, width=32, depth=7):
        super().__init__()
        sizes = [n_in] + [width] * depth
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.final = nn.Linear(width, 1)
        self.act = nn.Sigmoid()

    def forward(self, x):
        for l in self.layers:
            x = self.act(l(x))
        return self.final(x).squeeze(1)


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
for epoch in range(80):
    for idx in torch.randperm(len(Xtr)).split(32):
        opt.zero_grad()
        loss = bce(net(Xtr[idx]), ytr[idx])
        loss.backward()
        opt.step()
    if epoch % 8 == 7:
        with torch.no_grad():
            a, b = net(Xtr), net(Xte)
            print(f'epoch {epoch + 1} train {bce(a, ytr).item():.4f} test {bce(b, yte).item():.4f} acc {((b > 0) == (yte > 0)).float().mean().item():.3f}')
