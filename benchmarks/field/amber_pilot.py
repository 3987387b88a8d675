import random
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.set_num_threads(1)
torch.manual_seed(2)
random.seed(2)


class Grid:
    moves = [(0, 1), (0, -1), (1, 0), (-1, 0)]

    def reset(self):
        self.pos = (random.randrange(5), random.randrange(5))
        self.goal = (random.randrange(5), random.randrange(5))
        self.t = 0
        return self.obs()

    def obs(self):
        v = torch.zeros(20)
        for k, c in enumerate((*self.pos, *self.goal)):
            v[5 * k + c] = 1
        return v

    def step(self, a):
        dx, dy = self.moves[a]
        self.pos = (min(4, max(0, self.pos[0] + dx)), min(4, max(0, self.pos[1] + dy)))
        self.t += 1
        won = self.pos == self.goal
        return self.obs(), 1.0 if won else -0.05, won or self.t >= 20


policy = nn.Sequential(nn.Linear(20, 64), nn.Tanh(), nn.Linear(64, 4))
value = nn.Sequential(nn.Linear(20, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam([{'params': policy.parameters()}, {'params': value.parameters()}], lr=3e-3)
envs = [Grid() for _ in range(16)]
returns = []
for update in range(350):
    S, A, G = [], [], []
    obs = [e.reset() for e in envs]
    traj = [[] for _ in envs]
    live = list(range(16))
    while live:
        with torch.no_grad():
            act = Categorical(logits=policy(torch.stack([obs[i] for i in live]))).sample().tolist()
        nxt = []
        for i, a in zip(live, act):
            o2, r, done = envs[i].step(a)
            traj[i].append((obs[i], a, r))
            obs[i] = o2
            if not done:
                nxt.append(i)
        live = nxt
    for tr in traj:
        g, rows = 0.0, []
        for o, a, r in reversed(tr):
            g = r + 0.97 * g
            rows.append((o, a, g))
        returns.append(sum(r for *_, r in tr))
        for o, a, g in rows:
            S.append(o), A.append(a), G.append(g)
    S, A, G = torch.stack(S), torch.tensor(A), torch.tensor(G)
    v = value(S).squeeze(1)
    adv = G - v.detach()
    dist = Categorical(logits=policy(S))
    loss = -(dist.log_prob(A) * adv).mean() + 0.5 * (v - G).pow(2).mean() - 0.01 * dist.entropy().mean()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_([*policy.parameters(), *value.parameters()], 1.0)
    opt.step()
    if update % 35 == 34:
        print(f'update {update + 1} loss {loss.item():.3f} mean return {sum(returns[-320:]) / 320:.3f} entropy {dist.entropy().mean().item():.3f}')
