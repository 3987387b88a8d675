import torch
torch.manual_seed(67)
x = torch.rand(5000, 1) * 4 - 2
y = torch.sin(2 * x) + (0.1 + 0.3 * x.abs()) * torch.randn_like(x)
taus = torch.tensor([0.1, 0.5, 0.9])
net = torch.nn.Sequential(torch.nn.Linear(1, 48), torch.nn.SiLU(), torch.nn.Linear(48, 48), torch.nn.SiLU(), torch.nn.Linear(48, 3))
opt = torch.optim.RAdam(net.parameters(), lr=3e-3)
def pinball(q, t):
    e = t - q
    return torch.maximum(taus * e, (taus - 1) * e).mean()
for it in range(1, 2001):
    b = torch.randint(0, 4500, (100,))
    l = pinball(net(x[b] / 1.15), y[b])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 400 == 0:
        with torch.no_grad():
            q = net(x[4500:] / 1.15)
            print(it, 'train', pinball(net(x[:4500] / 1.15), y[:4500]).item(), 'test', pinball(q, y[4500:]).item(), 'coverage', (y[4500:] < q).float().mean(0).tolist())
