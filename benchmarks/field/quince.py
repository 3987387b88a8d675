import torch
from torch import nn
torch.manual_seed(2)
N, HOR = 10, 24
class Corridor:
    """Batch of walkers; the goal cell is shown in the observation."""
    def __init__(self, b):
        self.pos = torch.randint(0, N, (b,)); self.goal = torch.randint(0, N, (b,))
        self.done = torch.zeros(b, dtype=torch.bool)
    def obs(self):
        eye = torch.eye(N)
        return torch.cat([eye[self.pos], eye[self.goal]], 1)
    def step(self, a):
        move = a * 2 - 1
        self.pos = torch.where(self.done, self.pos, (self.pos + move).clamp(0, N - 1))
        r = torch.where(self.done, 0.0, torch.where(self.pos == self.goal, 1.0, -0.05))
        self.done |= self.pos == self.goal
        return r
policy = nn.Sequential(nn.Linear(2 * N, 48), nn.Tanh(), nn.Linear(48, 2))
opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
for it in range(300):
    env = Corridor(64)
    logps, rews, alive = [], [], []
    for t in range(HOR):
        alive.append((~env.done).float())
        dist = torch.distributions.Categorical(logits=policy(env.obs()))
        a = dist.sample()
        logps.append(dist.log_prob(a)); rews.append(env.step(a))
    R = torch.stack(rews); alive = torch.stack(alive)
    ret = R.flip(0).cumsum(0).flip(0)
    adv = ret - (ret * alive).sum(1, keepdim=True) / alive.sum(1, keepdim=True).clamp(min=1)
    loss = -(torch.stack(logps) * adv * alive).sum() / alive.sum()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 50 == 49: print(it + 1, 'loss', loss.item(), 'mean return', R.sum(0).mean().item(), 'reached', env.done.float().mean().item())
