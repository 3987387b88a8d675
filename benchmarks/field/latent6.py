import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class VAE(nn.Module):
    def __init__(self, d_in=64, d_h=64, d_z=6):
        super().__init__()
        self.fc = nn.Linear(d_in, d_h)
        self.mu = nn.Linear(d_h, d_z)
        self.logvar = nn.Linear(d_h, d_z)
        self.dec1 = nn.Linear(d_z, d_h)
        self.dec2 = nn.Linear(d_h, d_in)

    def forward(self, x):
        h = F.gelu(self.fc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return self.dec2(F.gelu(self.dec1(z))), mu, logvar


def elbo(logits, x, mu, logvar):
    rec = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1)
    return (rec + kl).mean()


if __name__ == "__main__":
    torch.manual_seed(99)
    data = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
    data = data[torch.randperm(len(data))]
    train, held = data[:1500], data[1500:]
    vae = VAE()
    opt = torch.optim.NAdam(vae.parameters(), lr=2e-3)
    for step in range(1, 1501):
        x = train[torch.randint(0, len(train), (64,))]
        out, mu, logvar = vae(x)
        loss = elbo(out, x, mu, logvar)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 250 == 0:
            print(f"step {step}: -elbo {loss.item():.3f}")
    with torch.no_grad():
        out, mu, logvar = vae(held)
        print(f"held-out -elbo {elbo(out, held, mu, logvar).item():.3f}")
