import torch
from torch import nn
torch.manual_seed(104)
N = 9
policy = nn.Sequential(nn.Linear(2 * N, 32), nn.Tanh(), nn.Linear(32, 3))
opt = torch.optim.Adam(policy.parameters(), lr=5e-3)


def obs(pos, goal):
    return torch.cat([nn.functional.one_hot(pos, N), nn.functional.one_hot(goal, N)], 1).float()


def rollout(B, T=10):
    pos, goal = torch.randint(0, N, (B,)), torch.randint(0, N, (B,))
    logps, ents, rews = [], [], []
    for _ in range(T):
        dist = torch.distributions.Categorical(logits=policy(obs(pos, goal)))
        a = dist.sample()
        logps.append(dist.log_prob(a)); ents.append(dist.entropy())
        pos = (pos + a - 1).clamp(0, N - 1)
        rews.append((pos == goal).float())
    return torch.stack(logps), torch.stack(ents), torch.stack(rews)


base = torch.zeros(10)
for it in range(400):
    lp, ent, r = rollout(64)
    ret = r.flip(0).cumsum(0).flip(0)
    base = 0.9 * base + 0.1 * ret.mean(1)
    adv = (ret - base[:, None]) / (ret.std() + 1e-6)
    loss = -(lp * adv).mean() - 0.01 * ent.mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 100 == 0:
        print(it, 'return', ret[0].mean().item())
print('final loss', loss.item(), 'final return', rollout(1000)[2].sum(0).mean().item(), 'best possible about 7.9')
