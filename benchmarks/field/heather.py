import math, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(7)
N, T = 16, 100
pi = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
vf = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([*pi.parameters(), *vf.parameters()], lr=8e-3)
def dyn(s, a):
    x, v, th, w = s.unbind(1); f = 10. * (2 * a - 1)
    t = (f + .05 * w ** 2 * th.sin()) / 1.1
    al = (9.8 * th.sin() - th.cos() * t) / (.5 * (4 / 3 - .1 * th.cos() ** 2 / 1.1))
    ac = t - .05 * al * th.cos() / 1.1
    return torch.stack([x + .02 * v, v + .02 * ac, th + .02 * w, w + .02 * al], 1)
def roll():
    s = (torch.rand(N, 4) - .5) * .1; alive = torch.ones(N); S, A, M = [], [], []
    for t in range(T):
        with torch.no_grad(): a = torch.distributions.Categorical(logits=pi(s)).sample()
        S.append(s); A.append(a); M.append(alive)
        s = dyn(s, a.float())
        alive = alive * ((s[:, 0].abs() < 2.4) & (s[:, 2].abs() < .21)).float()
        s = s * alive[:, None]
        if alive.sum() == 0: break
    return torch.stack(S), torch.stack(A), torch.stack(M)
for it in range(160):
    S, A, M = roll()
    R = torch.zeros_like(M); g = torch.zeros(N)
    for t in reversed(range(len(M))):
        g = M[t] * (1 + .97 * g); R[t] = g
    v = vf(S)[..., 0]; adv = (R / 30 - v).detach(); adv = (adv - adv[M > 0].mean()) / (adv[M > 0].std() + 1e-6)
    lp = torch.distributions.Categorical(logits=pi(S)).log_prob(A)
    loss = -(lp * adv * M).sum() / M.sum() + ((v - R / 30) ** 2 * M).sum() / M.sum()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 20 == 0: print(it, loss.item(), "length", M.sum(0).mean().item())
ln = sum(roll()[2].sum(0).mean().item() for _ in range(4)) / 4
print("train loss", loss.item(), "held-out episode length", ln)
