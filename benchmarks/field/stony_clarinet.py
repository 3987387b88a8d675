import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(20)
raw = load_digits()
X = torch.as_tensor(raw.data, dtype=torch.float32)
X = (X - 5) / 6
y = torch.as_tensor(raw.target)
idx = torch.randperm(len(y))
tr, va = idx[:1400], idx[1400:]


class Config:
    lr = 0.02
    epochs = 25
    batch = 40
    max_norm = 2e-4


model = nn.Sequential(nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(model.parameters(), lr=Config.lr, momentum=0.9, nesterov=True)
crit = nn.CrossEntropyLoss()
for epoch in range(Config.epochs):
    model.train()
    for b in tr[torch.randperm(len(tr))].split(Config.batch):
        opt.zero_grad()
        loss = crit(model(X[b]), y[b])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), Config.max_norm)
        opt.step()
    model.eval()
    with torch.no_grad():
        out = model(X[va])
    print(f"epoch={epoch} train={loss.item():.4f} val={crit(out, y[va]).item():.4f} acc={(out.argmax(1) == y[va]).float().mean().item():.4f}")
