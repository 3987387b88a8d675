import torch, torch.nn as nn
torch.manual_seed(508)
n = 6000; x = torch.randn(n, 3); y = x[:, 0] + 0.5 * x[:, 1].abs() + (0.2 + 0.3 * torch.sigmoid(2 * x[:, 2])) * torch.randn(n)
taus = torch.tensor([0.1, 0.5, 0.9])
net = nn.Sequential(nn.Linear(3, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 3))
opt = torch.optim.Adagrad(net.parameters(), lr=0.03)
def pin(i): e = y[i].unsqueeze(1) - net(x[i]); return torch.maximum(taus * e, (taus - 1) * e).mean()
te = torch.arange(5000, n)
for s in range(900):
    l = pin(torch.randint(0, 5000, (100,))); opt.zero_grad(); l.backward(); opt.step()
    if s % 90 == 89:
        with torch.no_grad(): print(s + 1, "%.4f" % l.item(), "test %.4f" % pin(te).item(), "coverage", ((y[te] < net(x[te])[:, 2]) & (y[te] > net(x[te])[:, 0])).float().mean().item())
