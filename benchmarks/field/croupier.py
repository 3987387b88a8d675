import torch, torch.nn as nn
torch.manual_seed(8)
A = torch.randn(6, 5)
pol = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 5))
opt = torch.optim.Adam(pol.parameters(), lr=0.01)
base = 0.0
def play(n):
    c = torch.randn(n, 6)
    d = torch.distributions.Categorical(logits=pol(c))
    a = d.sample()
    r = (c @ A)[torch.arange(n), a] + 2.0 * torch.randn(n)
    return c, d, a, r
for s in range(1500):
    c, d, a, r = play(128)
    loss = -((r - base) * d.log_prob(a)).mean() - 0.01 * d.entropy().mean()
    base = 0.95 * base + 0.05 * r.mean().item()
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 150 == 0: print(s, 'surrogate %.4f payoff %.3f' % (loss.item(), r.mean().item()))
with torch.no_grad():
    c = torch.randn(4000, 6); q = c @ A
    print('train payoff %.3f' % play(4000)[3].mean(), 'held-out greedy payoff %.4f best possible %.4f' % (q.gather(1, pol(c).argmax(1, keepdim=True)).mean(), q.max(1)[0].mean()))
