import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
m, mu, k = 1.0, 0.4, 16.0
w0, delta = (k / m) ** 0.5, mu / (2 * m)
w = (w0 ** 2 - delta ** 2) ** 0.5


def exact(t):
    return torch.exp(-delta * t) * (torch.cos(w * t) + delta / w * torch.sin(w * t))


net = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500, eta_min=1e-5)
t_test = torch.linspace(0, 2, 200).view(-1, 1)

for it in range(2500):
    t = torch.rand(64, 1).mul(2).requires_grad_()
    u = net(t - 1)
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    ddu = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
    residual = (m * ddu + mu * du + k * u).pow(2).mean()
    t0 = torch.zeros(1, 1, requires_grad=True)
    u0 = net(t0 - 1)
    v0 = torch.autograd.grad(u0.sum(), t0, create_graph=True)[0]
    loss = 0.01 * residual + (u0 - 1).pow(2).sum() + 0.1 * v0.pow(2).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if it % 250 == 0 or it == 2499:
        with torch.no_grad():
            err = (net(t_test - 1) - exact(t_test)).abs().max()
        print(f'{it:5d} loss {loss.item():.5f} max err {err.item():.4f}')
