import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(50)
L, GAMMA, ENVS, T = 7, 0.95, 16, 12


class Corridor:
    def __init__(self):
        self.pos = torch.randint(0, L, (ENVS,))
        self.goal = torch.randint(0, 2, (ENVS,))

    def obs(self):
        o = torch.zeros(ENVS, L + 2)
        o[torch.arange(ENVS), self.pos] = 1
        o[torch.arange(ENVS), L + self.goal] = 1
        return o

    def step(self, a):
        self.pos = (self.pos + 2 * a - 1).clamp(0, L - 1)
        done = self.pos == torch.where(self.goal == 1, L - 1, 0)
        r = done.float() - 0.02
        n = int(done.sum())
        self.pos[done] = torch.randint(1, L - 1, (n,))
        self.goal[done] = torch.randint(0, 2, (n,))
        return r, done


actor = nn.Sequential(nn.Linear(L + 2, 32), nn.Tanh(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(L + 2, 32), nn.Tanh(), nn.Linear(32, 1))
oa = torch.optim.Adam(actor.parameters(), lr=3e-3)
oc = torch.optim.Adam(critic.parameters(), lr=1e-2)
env = Corridor()
for it in range(500):
    logp, ent, val, rew, don = [], [], [], [], []
    for _ in range(T):
        o = env.obs()
        d = Categorical(logits=actor(o))
        a = d.sample()
        r, done = env.step(a)
        logp.append(d.log_prob(a)); ent.append(d.entropy()); val.append(critic(o)[:, 0]); rew.append(r); don.append(done.float())
    with torch.no_grad():
        R = critic(env.obs())[:, 0]
    rets = []
    for r, dn in zip(reversed(rew), reversed(don)):
        R = r + GAMMA * R * (1 - dn)
        rets.append(R)
    rets, val = torch.stack(rets[::-1]), torch.stack(val)
    adv = (rets - val).detach()
    pg = -(torch.stack(logp) * adv).mean() - 0.01 * torch.stack(ent).mean()
    vl = (rets - val).pow(2).mean()
    oa.zero_grad(); pg.backward(); oa.step()
    oc.zero_grad(); vl.backward(); oc.step()
    if it % 50 == 49:
        print(f'iter {it + 1} reward/step {torch.stack(rew).mean().item():.3f} policy loss {pg.item():.4f} value loss {vl.item():.4f}')
