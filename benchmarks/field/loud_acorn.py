import torch
import torch.nn as nn

torch.manual_seed(67)
n = 6000
X = torch.randn(n, 10)
f = torch.sin(1.5 * X[:, 0]) + 0.5 * X[:, 1] * X[:, 2] + 0.5 * X[:, 3]
y = f + 1.0 * torch.randn(n)
Xtr, ytr, Xte, fte = X[:5000], y[:5000], X[5000:], f[5000:]

model = nn.Sequential(nn.Linear(10, 50), nn.Tanh(), nn.Linear(50, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
BATCH = 1
running = None
for step in range(8000):
    i = torch.randint(0, 5000, (BATCH,))
    loss = (model(Xtr[i]).squeeze(1) - ytr[i]).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    running = loss.item() if running is None else 0.99 * running + 0.01 * loss.item()
    if step % 800 == 0:
        print(f"step {step} smoothed loss {running:.4f}")
with torch.no_grad():
    tr = (model(Xtr).squeeze(1) - ytr).pow(2).mean().item()
    te = (model(Xte).squeeze(1) - fte).pow(2).mean().item()
print(f"final train mse {tr:.4f}, held-out error against the clean curve {te:.4f}")
