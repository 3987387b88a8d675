import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
torch.manual_seed(200)
X = torch.tensor(load_digits().images).float().unsqueeze(1) / 16
X = (X - X.mean()) / X.std()
enc = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 32))
opt = torch.optim.Adam(enc.parameters(), lr=1e-3)
def view(x):
    return x * (0.8 + 0.4 * torch.rand(len(x), 1, 1, 1)) + 0.4 * torch.randn_like(x)
tau = 200.0
for s in range(300):
    x = X[torch.randint(0, 1500, (64,))]
    a, b = F.normalize(enc(view(x)), dim=1), F.normalize(enc(view(x)), dim=1)
    sim = a @ b.T / tau
    loss = F.cross_entropy(sim, torch.arange(64))
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 30 == 0:
        print(s, round(loss.item(), 4))
with torch.no_grad():
    x = X[1500:1756]
    a, b = F.normalize(enc(view(x)), dim=1), F.normalize(enc(view(x)), dim=1)
    print("loss", round(loss.item(), 4), "retrieval@1", ((a @ b.T).argmax(1) == torch.arange(256)).float().mean().item())
