import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(2)
X, y = load_wine(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, random_state=2, stratify=y)
Xtr, Xte = torch.tensor(Xtr).float(), torch.tensor(Xte).float()
ytr, yte = torch.tensor(ytr), torch.tensor(yte)
net = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(250):
    tot = 0
    for i in torch.randperm(len(Xtr)).split(31):
        loss = nn.functional.cross_entropy(net(Xtr[i]), ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 4
    if epoch % 25 == 24:
        with torch.no_grad():
            o = net(Xte)
        print(f"{epoch + 1} train {tot:.4f} test {nn.functional.cross_entropy(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.3f}")
