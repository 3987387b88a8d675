import torch
from torch import nn

torch.manual_seed(3)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
t = torch.linspace(0, 4, 80).unsqueeze(1).requires_grad_(True)
w0, damp = 2.0, 0.2


def residual():
    # u(0) = 1 and u'(0) = 0 are built into the ansatz
    u = 1 + t ** 2 * net(t / 2 - 1)
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    ddu = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
    return ((ddu + 2 * damp * du + w0 ** 2 * u) ** 2).mean()


adam = torch.optim.Adam(net.parameters(), lr=3e-3)
for k in range(1200):
    loss = residual()
    adam.zero_grad()
    loss.backward()
    adam.step()
    if k % 200 == 0:
        print("adam", k, loss.item())

lb = torch.optim.LBFGS(net.parameters(), max_iter=20, line_search_fn="strong_wolfe")


def closure():
    lb.zero_grad()
    l = residual()
    l.backward()
    return l


for k in range(20):
    l = lb.step(closure)
    if k % 5 == 0:
        print("lbfgs", k, l.item())
with torch.no_grad():
    w = (w0 ** 2 - damp ** 2) ** 0.5
    exact = torch.exp(-damp * t) * (torch.cos(w * t) + damp / w * torch.sin(w * t))
    err = (1 + t ** 2 * net(t / 2 - 1) - exact).abs().max()
print("residual", l.item(), "max error", err.item())
