import torch, torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(2)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 16
y = torch.tensor(d.target)
p = torch.randperm(1797)
hold = p[1500:]
model = nn.Sequential(nn.Linear(64, 48), nn.LayerNorm(48), nn.GELU(), nn.Linear(48, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.02)
seen = 0
for epoch in range(10):
    for k in p[:1500][torch.randperm(1500)].split(4):
        loss = nn.functional.cross_entropy(model(x[k]), y[k])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = model(x[hold])
    if epoch % 2:
        print("epoch", epoch, "held-out loss", round(nn.functional.cross_entropy(o, y[hold]).item(), 4), "acc", round((o.argmax(1) == y[hold]).float().mean().item(), 4))
