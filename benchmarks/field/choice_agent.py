import torch, torch.nn as nn
torch.manual_seed(406)
ctx, act = 8, 5
M = torch.randn(ctx, act)
def reward(x, a): return (x @ M)[torch.arange(len(x)), a] / 2 + 1.5 * torch.randn(len(x))
pi = nn.Sequential(nn.Linear(ctx, 32), nn.ReLU(), nn.Linear(32, act))
opt = torch.optim.Adam(pi.parameters(), lr=2e-3)
xt = torch.randn(2000, ctx); best = (xt @ M).max(1).values.mean().item() / 2
EP = 1
for s in range(1500):
    x = torch.randn(EP, ctx)
    lp = pi(x).log_softmax(1)
    a = torch.multinomial(lp.exp(), 1).squeeze(1)
    r = reward(x, a)
    l = -(lp[torch.arange(EP), a] * r).mean()
    opt.zero_grad(); l.backward(); opt.step()
    if s % 150 == 149:
        with torch.no_grad():
            p = pi(xt).softmax(1); print(s + 1, "surrogate %.3f" % l.item(), "expected reward %.3f (best %.3f)" % ((p * (xt @ M)).sum(1).mean().item() / 2, best))
