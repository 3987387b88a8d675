import torch
from torch import nn
from sklearn import datasets

torch.set_num_threads(1)
torch.manual_seed(2)

X = torch.tensor(datasets.load_digits().data).float() / 16
X = X[torch.randperm(len(X))]
train, test = X[:1500], X[1500:]


class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 64)
        self.mu = nn.Linear(64, 6)
        self.lv = nn.Linear(64, 6)

    def forward(self, x):
        h = torch.tanh(self.a(x))
        return self.mu(h), self.lv(h)


enc = Enc()
dec = nn.Sequential(nn.Linear(6, 64), nn.Tanh(), nn.Linear(64, 64))
params = list(enc.parameters()) + list(dec.parameters())
adam = torch.optim.Adam(params, lr=2e-3)
beta = 0.02


def parts(x):
    mu, lv = enc(x)
    z = mu + torch.randn_like(mu) * torch.exp(0.5 * lv)
    rec = (dec(z) - x).pow(2).sum(1).mean()
    kl = 0.5 * (mu.pow(2) + lv.exp() - 1 - lv).sum(1).mean()
    return rec, kl


for epoch in range(40):
    srec = skl = 0.
    for x in train[torch.randperm(1500)].split(30):
        rec, kl = parts(x)
        loss = rec - beta * kl
        adam.zero_grad()
        loss.backward()
        adam.step()
        srec += rec.item() / 50
        skl += kl.item() / 50
    if epoch % 4 == 3:
        with torch.no_grad():
            r, k = parts(test)
        print(f'epoch {epoch + 1:2d}  rec {srec:.3f}  kl {skl:.2f}  |  test rec {r:.3f} kl {k:.2f}')
