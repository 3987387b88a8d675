import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(7)
SIZE, HORIZON = 5, 16


class Grid:
    """A batch of walkers; reward for reaching the goal, small price per step."""

    def __init__(self, n):
        self.n = n
        self.pos = torch.randint(0, SIZE, (n, 2))
        self.goal = torch.randint(0, SIZE, (n, 2))
        self.done = (self.pos == self.goal).all(1)

    def obs(self):
        return torch.cat([self.pos, self.goal], 1).float() / (SIZE - 1) * 2 - 1

    def step(self, a):
        move = torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1]])[a]
        self.pos = torch.where(self.done[:, None], self.pos, (self.pos + move).clamp(0, SIZE - 1))
        alive = (~self.done).float()
        hit = (self.pos == self.goal).all(1)
        r = alive * (hit.float() - 0.05)
        self.done = self.done | hit
        return r, alive


policy = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 4))
value = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam([*policy.parameters(), *value.parameters()], lr=5e-3)
for episode in range(1, 401):
    env = Grid(48)
    logps, vals, rews, alive = [], [], [], []
    for t in range(HORIZON):
        o = env.obs()
        dist = Categorical(logits=policy(o))
        a = dist.sample()
        r, m = env.step(a)
        logps.append(dist.log_prob(a)); vals.append(value(o).squeeze(1)); rews.append(r); alive.append(m)
    ret, g = [], torch.zeros(48)
    for r in reversed(rews):
        g = r + 0.95 * g
        ret.insert(0, g)
    ret, vals, logps, alive = map(torch.stack, (ret, vals, logps, alive))
    adv = (ret - vals).detach()
    loss = (-(logps * adv) * alive).sum() / alive.sum() + 0.5 * ((vals - ret) ** 2 * alive).sum() / alive.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if episode % 50 == 0:
        print(episode, f"return {torch.stack(rews).sum(0).mean().item():.3f} reached {env.done.float().mean().item():.3f}")
