import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(1)
data = load_wine()
Xtr, Xte, ytr, yte = train_test_split(data.data, data.target, test_size=0.3, random_state=1, stratify=data.target)
Xtr, Xte = torch.tensor(Xtr, dtype=torch.float32), torch.tensor(Xte, dtype=torch.float32)
ytr, yte = torch.tensor(ytr), torch.tensor(yte)

model = nn.Sequential(nn.Linear(13, 24), nn.Tanh(), nn.Linear(24, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.02, weight_decay=1e-3)
crit = nn.CrossEntropyLoss()
for it in range(600):
    idx = torch.randint(0, len(Xtr), (32,))
    opt.zero_grad()
    loss = crit(model(Xtr[idx]), ytr[idx])
    loss.backward()
    opt.step()
    if it % 100 == 99:
        print(it + 1, f"{loss.item():.4f}")
model.eval()
with torch.no_grad():
    o = model(Xte)
print(f"test loss {crit(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.3f}")
