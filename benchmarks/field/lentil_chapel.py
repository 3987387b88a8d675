import torch
import torch.nn as nn

torch.manual_seed(73)
W, MAXT = 7, 30


class Corridor:
    def __init__(self, n):
        self.n = n
        self.pos = torch.stack([torch.randint(0, W, (n,)), torch.zeros(n, dtype=torch.long)], 1)
        self.done = torch.zeros(n, dtype=torch.bool)

    def obs(self):
        return torch.cat([nn.functional.one_hot(self.pos[:, 0], W), nn.functional.one_hot(self.pos[:, 1], W)], 1).float()

    def step(self, a):
        move = torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1]])[a]
        new = (self.pos + move).clamp(0, W - 1)
        wall = (new[:, 1] == 3) & (new[:, 0] != 5)
        self.pos = torch.where((self.done | wall)[:, None], self.pos, new)
        goal = (self.pos[:, 0] == 1) & (self.pos[:, 1] == W - 1) & ~self.done
        r = goal.float() - 0.02 * (~self.done).float()
        self.done |= goal
        return r


policy = nn.Sequential(nn.Linear(2 * W, 64), nn.Tanh(), nn.Linear(64, 4))
value = nn.Sequential(nn.Linear(2 * W, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam([*policy.parameters(), *value.parameters()], lr=4e-3)
for it in range(250):
    env = Corridor(48)
    logs, vals, rews, live, ents = [], [], [], [], []
    for t in range(MAXT):
        o = env.obs()
        live.append((~env.done).float())
        dist = torch.distributions.Categorical(logits=policy(o))
        a = dist.sample()
        logs.append(dist.log_prob(a)); ents.append(dist.entropy()); vals.append(value(o)[:, 0]); rews.append(env.step(a))
    ret, run = [], torch.zeros(48)
    for r in reversed(rews):
        run = r + 0.97 * run
        ret.append(run)
    ret = torch.stack(ret[::-1])
    logs, vals, live, ents = map(torch.stack, (logs, vals, live, ents))
    adv = (ret - vals).detach()
    loss = ((-logs * adv + 0.5 * (ret - vals) ** 2 - 0.01 * ents) * live).sum() / live.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 40 == 0:
        print(it, "reached", env.done.float().mean().item(), "loss", round(loss.item(), 4))
env = Corridor(500)
with torch.no_grad():
    for t in range(MAXT):
        env.step(torch.distributions.Categorical(logits=policy(env.obs())).sample())
print("share that reached the goal", env.done.float().mean().item())
