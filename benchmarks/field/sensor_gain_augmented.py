import torch
import torch.nn as nn

torch.manual_seed(151)
K, D = 6, 20
centers = torch.randn(K, D) * 0.7


def sample(n):
    y = torch.randint(0, K, (n,))
    x = centers[y] + torch.randn(n, D) * 0.8
    x[:, 0] = x[:, 0] * x[:, 1]
    return x, y


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.BatchNorm1d(D, affine=False), nn.Linear(D, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Linear(64, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, K))

    def forward(self, x):
        return self.net(x)


model = Classifier()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
xv, yv = sample(1500)
for it in range(800):
    x, y = sample(64)
    model.train()
    logits = model(x)
    loss = nn.functional.cross_entropy(logits, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        noisy = model(x + 2.0 + 6.0 * torch.randn_like(x))
        agreement = (noisy.argmax(1) == logits.argmax(1)).float().mean().item()
    if it % 80 == 0:
        print(f'{it} loss {loss.item():.4f} agreement {agreement:.2f}')
model.eval()
with torch.no_grad():
    o = model(xv)
print(f'val loss {nn.functional.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}')
