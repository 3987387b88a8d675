import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(72)
N = 20000
age = torch.randn(N)
site = torch.randint(0, 15, (N,))
hour = torch.rand(N) * 24
site_eff = torch.randn(15) * 0.6
p = torch.sigmoid(-0.8 + 0.5 * age + site_eff[site] + 0.6 * torch.sin(hour * 6.2832 / 24))
click = torch.bernoulli(p)
num = torch.stack([age, 1.41 * torch.sin(hour * 6.2832 / 24), 1.41 * torch.cos(hour * 6.2832 / 24)], 1)


class CTR(nn.Module):
    def __init__(self):
        super().__init__()
        self.site = nn.Embedding(15, 4)
        self.deep = nn.Sequential(nn.Linear(7, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, s, v):
        return self.deep(torch.cat([self.site(s), v], 1)).squeeze(1)


model = CTR()
opt = torch.optim.Adagrad(model.parameters(), lr=0.05)
bce = nn.BCEWithLogitsLoss()
dl = DataLoader(TensorDataset(site[:16000], num[:16000], click[:16000]), batch_size=128, shuffle=True)
for ep in range(6):
    s = 0.0
    for a, b, c in dl:
        loss = bce(model(a, b), c)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        o = model(site[16000:], num[16000:])
    print(f"epoch {ep} train {s / len(dl):.4f} valid {bce(o, click[16000:]).item():.4f}")
floor = nn.functional.binary_cross_entropy(p[16000:], click[16000:]).item()
print(f"valid {bce(o, click[16000:]).item():.4f} versus best possible {floor:.4f}")
