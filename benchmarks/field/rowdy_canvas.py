import torch
from torch import nn

torch.manual_seed(70)
sigma = 0.3


def data(n):
    c = torch.tensor([[1.2, 0.0], [-1.2, 0.6], [0.0, -1.2]])
    return c[torch.randint(0, 3, (n,))] + 0.15 * torch.randn(n, 2)


energy = nn.Sequential(nn.Linear(2, 64), nn.Softplus(beta=2), nn.Linear(64, 64), nn.Softplus(beta=2), nn.Linear(64, 1, bias=False))


def score(x, graph=True):
    x = x.requires_grad_(True)
    return -torch.autograd.grad(energy(x).sum(), x, create_graph=graph)[0]


opt = torch.optim.Adam(energy.parameters(), lr=3e-3)
for s in range(2000):
    x = data(128)
    e = torch.randn_like(x)
    loss = (sigma * score(x + sigma * e) + e).pow(2).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 200 == 0:
        print(s, round(loss.item(), 4))
var = 0.15 ** 2 + sigma ** 2
c = torch.tensor([[1.2, 0.0], [-1.2, 0.6], [0.0, -1.2]])
x = data(1000) + sigma * torch.randn(1000, 2)
diff = c[None] - x[:, None]
w = (-diff.pow(2).sum(2) / (2 * var)).softmax(1)
true = (w.unsqueeze(-1) * diff).sum(1) / var
est = score(x.clone(), graph=False)
print("relative score error", ((est - true).pow(2).sum() / true.pow(2).sum()).item())
