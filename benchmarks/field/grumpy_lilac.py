import torch
from torch import nn

torch.manual_seed(56)


class Poles:
    def reset(self, n):
        self.s = torch.randn(n, 4) * 0.05
        self.alive = torch.ones(n, dtype=torch.bool)
        return self.s

    def step(self, a):
        x, v, th, w = self.s.T
        f = (a.float() * 2 - 1) * 10
        st, ct = th.sin(), th.cos()
        tmp = (f + 0.05 * w ** 2 * st) / 1.1
        thacc = (9.8 * st - ct * tmp) / (0.5 * (4 / 3 - 0.1 * ct ** 2 / 1.1))
        xacc = tmp - 0.05 * thacc * ct / 1.1
        self.s = torch.stack([x + 0.02 * v, v + 0.02 * xacc, th + 0.02 * w, w + 0.02 * thacc], 1)
        self.alive = self.alive & (self.s[:, 0].abs() < 2.4) & (self.s[:, 2].abs() < 0.21)
        return self.s, self.alive.float()


pi = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
vf = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": pi.parameters(), "lr": 1e-2}, {"params": vf.parameters(), "lr": 1e-2}])
env, N, T = Poles(), 16, 100
norm = torch.tensor([1.0, 1.0, 0.1, 1.0])
for it in range(200):
    s = env.reset(N)
    S, A, R, M = [], [], [], []
    for t in range(T):
        with torch.no_grad():
            a = torch.distributions.Categorical(logits=pi(s / norm)).sample()
        S.append(s / norm)
        A.append(a)
        M.append(env.alive.float())
        s, r = env.step(a)
        R.append(r)
        if not env.alive.any():
            break
    S, A, R, M = torch.stack(S), torch.stack(A), torch.stack(R), torch.stack(M)
    G = torch.zeros_like(R)
    run = torch.zeros(N)
    for t in reversed(range(len(R))):
        run = R[t] + 0.98 * run
        G[t] = run
    v = vf(S).squeeze(-1)
    target = (G - 20) / 15
    adv = (target - v.detach())
    adv = (adv - adv[M > 0].mean()) / (adv[M > 0].std() + 1e-6)
    lp = torch.distributions.Categorical(logits=pi(S)).log_prob(A)
    loss = -(lp * adv * M).sum() / M.sum() + ((v - target).pow(2) * M).sum() / M.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 20 == 0:
        print("iter", it, "loss", round(loss.item(), 4), "return", R.sum(0).mean().item())
print("final return", R.sum(0).mean().item())
