import torch
from torch import nn

torch.manual_seed(12)
U, I, K = 120, 90, 2
pu, qi = torch.randn(U, K), torch.randn(I, K)
users = torch.randint(0, U, (20000,))
items = torch.randint(0, I, (20000,))
rating = (pu[users] * qi[items]).sum(1) / K ** 0.5 + 0.2 * torch.randn(20000)


class Ratings(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.user = nn.Embedding(U, dim)
        self.item = nn.Embedding(I, dim)
        spread = 12.0
        nn.init.normal_(self.user.weight, std=spread)
        nn.init.normal_(self.item.weight, std=spread)
        self.mlp = nn.Sequential(nn.Linear(2 * dim, 64), nn.Tanh(), nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, u, i):
        return self.mlp(torch.cat([self.user(u), self.item(i)], 1)).squeeze(1)


model = Ratings()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(20):
    perm = torch.randperm(16000)
    acc = 0.0
    for b in perm.split(128):
        loss = nn.functional.mse_loss(model(users[b], items[b]), rating[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        acc += loss.item() * len(b) / 16000
    print(f"epoch {epoch:2d} mse {acc:.4f}")
with torch.no_grad():
    rm = nn.functional.mse_loss(model(users[16000:], items[16000:]), rating[16000:]).sqrt()
print(f"test rmse {rm.item():.4f}")
