import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(144)
X, y = load_wine(return_X_y=True)
a, b, ya, yb = train_test_split(X, y, test_size=0.3, random_state=3, stratify=y)
m, s = a.mean(0), a.std(0)
a, b = torch.tensor((a - m) / s).float(), torch.tensor((b - m) / s).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)
net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=2e-2)
ce = nn.CrossEntropyLoss()
for step in range(90):
    ix = torch.randperm(len(a))[:32]
    loss = ce(net(a[ix]), ya[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 10 == 9:
        with torch.no_grad():
            o = net(b)
        print(step + 1, f"{loss.item():.4f}", f"val {ce(o, yb).item():.4f} acc {(o.argmax(1) == yb).float().mean().item():.3f}")
