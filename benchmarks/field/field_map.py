import torch
from torch import nn

torch.manual_seed(4)
DIM, H = 6, 128


def simulator(x):
    a = torch.sin(1.5 * x[:, 0]) * x[:, 1]
    b = torch.exp(-0.5 * (x[:, 2] ** 2 + x[:, 3] ** 2))
    return (a + 2 * b + 0.5 * x[:, 4] - 0.3 * x[:, 5] ** 2 + 0.1).unsqueeze(1)


def sample(n):
    x = torch.randn(n, DIM)
    return x, simulator(x)


surrogate = nn.Sequential(
    nn.Linear(DIM, H), nn.Tanh(),
    nn.Linear(H, H), nn.Tanh(),
    nn.Linear(H, H), nn.Tanh(),
    nn.Linear(H, 1),
)
for k in (0, 2, 4):
    nn.init.normal_(surrogate[k].weight)
    nn.init.zeros_(surrogate[k].bias)
opt = torch.optim.Adam(surrogate.parameters(), lr=1e-3)
xt, yt = sample(2000)
for step in range(2001):
    x, y = sample(96)
    loss = nn.functional.mse_loss(surrogate(x), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            print(step, f'{loss.item():.4f}', f'check {nn.functional.mse_loss(surrogate(xt), yt).item():.4f}')
