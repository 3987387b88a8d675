import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
torch.set_num_threads(1)
torch.manual_seed(4)
X, y = load_wine(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, stratify=y, random_state=4)
Xtr, Xte = torch.as_tensor(Xtr, dtype=torch.float32), torch.as_tensor(Xte, dtype=torch.float32)
ytr, yte = torch.as_tensor(ytr), torch.as_tensor(yte)
net = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(100):
    order = torch.randperm(len(Xtr))
    for c in order.split(16):
        opt.zero_grad()
        loss = ce(net(Xtr[c]), ytr[c])
        loss.backward()
        opt.step()
    if epoch % 20 == 0:
        print("epoch", epoch, loss.item())
with torch.no_grad():
    o = net(Xte)
    print(f"train loss {ce(net(Xtr), ytr):.4f} test loss {ce(o, yte):.4f} acc {(o.argmax(1) == yte).float().mean():.3f}")
