import torch
torch.manual_seed(3)
# x'' + 2 z w x' + w^2 x = 0, x(0) = 1, x'(0) = 0
w0, z = 4.0, 0.15
net = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
t = torch.linspace(0, 2, 120).unsqueeze(1).requires_grad_(True)
zero = torch.zeros(1, 1, requires_grad=True)


def d(y, x):
    return torch.autograd.grad(y.sum(), x, create_graph=True)[0]


def residual_loss():
    x = net(t)
    v = d(x, t)
    a = d(v, t)
    eq = (a + 2 * z * w0 * v + w0 ** 2 * x) / w0 ** 2
    x0 = net(zero)
    return eq.pow(2).mean() + 5 * ((x0 - 1).pow(2) + (d(x0, zero) / w0).pow(2)).squeeze()


def exact(tt):
    wd = w0 * (1 - z * z) ** 0.5
    return torch.exp(-z * w0 * tt) * (torch.cos(wd * tt) + z * w0 / wd * torch.sin(wd * tt))


opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for i in range(1500):
    opt.zero_grad()
    l = residual_loss()
    l.backward()
    opt.step()
    if i % 500 == 499:
        print("adam", i + 1, l.item(), "error", (net(t) - exact(t)).abs().max().item())
lb = torch.optim.LBFGS(net.parameters(), max_iter=20, history_size=20, line_search_fn="strong_wolfe")


def closure():
    lb.zero_grad()
    l = residual_loss()
    l.backward()
    return l


for i in range(10):
    l = lb.step(closure)
print("lbfgs", l.item(), "error", (net(t) - exact(t)).abs().max().item())
