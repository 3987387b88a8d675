import torch
import torch.nn as nn

torch.manual_seed(6)
x = torch.linspace(-3, 3, 400).unsqueeze(1)
y = torch.sin(2 * x) + 0.3 * x + 0.05 * torch.randn(400, 1)
hold = torch.zeros(400, dtype=torch.bool)
hold[::5] = True
net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=5, history_size=20, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x[~hold]), y[~hold]) + 1e-5 * sum(p.pow(2).sum() for p in net.parameters())
    loss.backward()
    return loss


for step in range(300):
    loss = opt.step(closure)
    if step % 30 == 0:
        with torch.no_grad():
            print(f"step {step} loss {loss.item():.6f} held-out {nn.functional.mse_loss(net(x[hold]), y[hold]).item():.6f}")
with torch.no_grad():
    print(f"held-out {nn.functional.mse_loss(net(x[hold]), y[hold]).item():.6f} (noise 0.0025)")
