import math, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(24)
y = torch.rand(3000) * 2 - 1; x = y + .3 * torch.sin(2 * math.pi * y) + .05 * torch.randn(3000); K = 5
net = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 3 * K))
def nll(x, y):
    a, m, s = net(x[:, None]).chunk(3, 1)
    return -torch.logsumexp(a.log_softmax(1) - s.clamp(-5, 5) - .5 * ((y[:, None] - m) / s.clamp(-5, 5).exp()) ** 2 - .919, 1).mean()
opt = torch.optim.RMSprop(net.parameters(), lr=2e-3)
for it in range(1800):
    k = torch.randint(0, 2500, (100,)); l = nll(x[k], y[k]); opt.zero_grad(); l.backward(); opt.step()
    if it % 300 == 0: print(it, l.item())
with torch.no_grad(): print("train", nll(x[:2500], y[:2500]).item(), "held-out", nll(x[2500:], y[2500:]).item())
