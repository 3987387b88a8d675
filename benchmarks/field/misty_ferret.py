import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(29)
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=29, stratify=y)
s = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(s.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya, yb = (torch.tensor(v, dtype=torch.float32) for v in (ya, yb))


class Tab(nn.Module):
    def __init__(self, widths=(30, 32, 16)):
        super().__init__()
        mods = []
        for i, o in zip(widths, widths[1:]):
            mods.append(nn.Linear(i, o))
            mods += [nn.BatchNorm1d(o), nn.ReLU(), nn.Dropout(0.3)]
        mods.append(nn.Linear(widths[-1], 1))
        self.net = nn.Sequential(*mods)

    def forward(self, x):
        return self.net(x).squeeze(1)


model = Tab()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
bce = nn.BCEWithLogitsLoss()
for epoch in range(40):
    model.train()
    for b in torch.randperm(len(Xa))[:384].split(32):
        loss = bce(model(Xa[b]), ya[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        z = model(Xb)
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1}: loss {loss.item():.4f} val {bce(z, yb).item():.4f} acc {((z > 0).float() == yb).float().mean().item():.4f}")
