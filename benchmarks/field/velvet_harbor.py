import math
import torch

torch.manual_seed(3)
torch.set_num_threads(1)


def make(n, gen):
    x = torch.rand(n, 6, generator=gen) * 2 - 1
    f = torch.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3] ** 2 - x[:, 4]
    return x, (f + 1.0 * torch.randn(n, generator=gen)).unsqueeze(1), f.unsqueeze(1)


gen = torch.Generator().manual_seed(11)
x, y, _ = make(20000, gen)
xv, _, fv = make(2000, gen)

net = torch.nn.Sequential(
    torch.nn.Linear(6, 64), torch.nn.SiLU(),
    torch.nn.Linear(64, 64), torch.nn.SiLU(),
    torch.nn.Linear(64, 1),
)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
per_step = 1
history = []
for it in range(1, 8001):
    idx = torch.randint(0, len(x), (per_step,), generator=gen)
    loss = torch.nn.functional.mse_loss(net(x[idx]), y[idx])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(loss.item())
    if it % 800 == 0:
        with torch.no_grad():
            err = (net(xv) - fv).pow(2).mean().item()
        avg = sum(history[-800:]) / 800
        print(f"{it:5d}  running mse {avg:.3f}  validation rmse against the clean function {math.sqrt(err):.3f}")
