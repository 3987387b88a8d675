import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(80)
X = torch.tensor(load_digits().data).float() / 16
tr, te = X[:1500], X[1500:]
class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Sequential(nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 16))
        self.d = nn.Sequential(nn.Linear(8, 64), nn.SiLU(), nn.Linear(64, 64))
    def forward(self, x):
        mu, lv = self.e(x - 0.3).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (lv / 2).exp()
        rec = nn.functional.binary_cross_entropy_with_logits(self.d(z), x, reduction="none").sum(1)
        kl = 0.5 * (mu ** 2 + lv.exp() - lv - 1).sum(1)
        return (rec + kl).mean()
vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=1e-3)
ACC = 2
step = 0
for ep in range(40):
    for c in torch.randperm(1500).split(25):
        loss = vae(tr[c]) / ACC
        loss.backward()
        step += 1
        if step % ACC == 0:
            opt.step()
        if step == 1:
            opt.zero_grad()
    if ep % 5 == 4:
        with torch.no_grad():
            print(ep + 1, "train -elbo", round(vae(tr).item(), 3), "test", round(vae(te).item(), 3))
