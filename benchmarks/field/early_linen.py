import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(31)
data = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
data = data[torch.randperm(len(data))]
train, held = data[:1500], data[1500:]


class VAE(nn.Module):
    def __init__(self, z=8):
        super().__init__()
        self.e1 = nn.Linear(64, 128)
        self.e2 = nn.Linear(128, 64)
        self.mu = nn.Linear(64, z)
        self.ls = nn.Linear(64, z)
        self.d1 = nn.Linear(z, 64)
        self.d2 = nn.Linear(64, 128)
        self.d3 = nn.Linear(128, 64)

    def forward(self, x):
        h = F.relu(self.e2(F.relu(self.e1(x))))
        mu, ls = self.mu(h), self.ls(h).clamp(-6, 3)
        z = mu + ls.exp() * torch.randn_like(mu)
        logits = self.d3(F.relu(self.d2(F.relu(self.d1(z)))))
        rec = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
        kl = (0.5 * (mu ** 2 + (2 * ls).exp() - 1) - ls).sum(1)
        return (rec + kl).mean()


vae = VAE()
opt = torch.optim.RMSprop(vae.parameters(), lr=2e-2)
for epoch in range(50):
    for xb in train[torch.randperm(1500)].split(50):
        loss = vae(xb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 0:
        print(epoch, "-elbo", round(loss.item(), 3))
with torch.no_grad():
    print("held-out -elbo", round(vae(held).item(), 3))
