import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

torch.manual_seed(22)
data = load_diabetes()
Xtr, Xva, ytr, yva = train_test_split(data.data, data.target, test_size=0.3, random_state=0)
mu, sd = Xtr.mean(0), Xtr.std(0)
ym, ys = ytr.mean(), ytr.std()
T = lambda a: torch.tensor(a, dtype=torch.float32)
Xtr, Xva, ytr, yva = T((Xtr - mu) / sd), T((Xva - mu) / sd), T((ytr - ym) / ys), T((yva - ym) / ys)

class Reg(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(10, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 1))
    def forward(self, x): return self.net(x)[:, 0]

model = Reg(256)
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
EPOCHS = 200
for epoch in range(EPOCHS):
    model.train()
    tot = 0
    for b in torch.randperm(len(Xtr)).split(32):
        loss = nn.functional.mse_loss(model(Xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b) / len(Xtr)
    model.eval()
    with torch.no_grad():
        val_loss = nn.functional.mse_loss(model(Xva), yva).item()
    if (epoch + 1) % (EPOCHS // 5) == 0:
        print(f'epoch {epoch + 1} train {tot:.4f} val {val_loss:.4f}')
