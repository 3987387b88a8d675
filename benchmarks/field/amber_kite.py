import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
X = (X - 4.88) / 6.02
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
Xtr, Xte = torch.tensor(Xtr).float(), torch.tensor(Xte).float()
ytr, yte = torch.tensor(ytr), torch.tensor(yte)


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.05)
        nn.init.zeros_(m.bias)


torch.manual_seed(5)
net = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 32), nn.Tanh(), nn.Linear(32, 10))
net.apply(init_weights)
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(120):
    order = torch.randperm(len(Xtr))
    for k in range(0, len(Xtr), 64):
        b = order[k:k + 64]
        opt.zero_grad()
        loss = lossf(net(Xtr[b]), ytr[b])
        loss.backward()
        opt.step()
with torch.no_grad():
    print(f'train loss {lossf(net(Xtr), ytr).item():.4f} test acc {(net(Xte).argmax(1) == yte).float().mean().item():.4f}')
