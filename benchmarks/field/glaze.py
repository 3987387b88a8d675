import torch, torch.nn as nn, math
from sklearn.datasets import make_moons
torch.manual_seed(310)
X = torch.tensor(make_moons(3000, noise=0.08, random_state=0)[0]).float()
X = (X - X.mean(0)) / X.std(0)
class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.f = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 2))
    def forward(self, x):
        a, b = x[:, :1], x[:, 1:]
        if self.flip: a, b = b, a
        s, t = self.f(a).chunk(2, 1); s = torch.tanh(s)
        b = b * s.exp() + t
        return (torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)), s.squeeze(1)
flow = nn.ModuleList([Coupling(k % 2 == 1) for k in range(6)])
params = list(flow.parameters())
opt = torch.optim.SGD(params, lr=2e-3)
def nll(x):
    ld = 0
    for c in flow:
        x, s = c(x); ld = ld + s
    return (0.5 * (x ** 2).sum(1) + math.log(2 * math.pi) - ld).mean()
for s in range(700):
    loss = nll(X[torch.randint(0, 2500, (64,))])
    loss.backward()
    nn.utils.clip_grad_value_(params, 50.0)
    opt.step()
    if s % 70 == 69:
        with torch.no_grad(): print(s + 1, round(loss.item(), 4), "held-out", round(nll(X[2500:]).item(), 4))
