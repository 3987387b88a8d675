import torch
import torch.nn as nn

torch.manual_seed(359)
A, C = 5, 6
M = torch.randn(C, A)


def reward(x, a):
    return (x @ M).gather(1, a[:, None]).squeeze(1) + torch.randn(len(x))


policy = nn.Sequential(nn.Linear(C, 32), nn.Tanh(), nn.Linear(32, A))
opt = torch.optim.Adam(policy.parameters(), lr=3e-3)
baseline = 0.0
for it in range(1500):
    x = torch.randn(64, C)
    dist = torch.distributions.Categorical(logits=policy(x))
    a = dist.sample()
    r = reward(x, a)
    loss = -(dist.log_prob(a) * (r - baseline)).mean() - 0.01 * dist.entropy().mean()
    baseline = 0.95 * baseline + 0.05 * r.mean().item()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0:
        print(it, 'loss', round(loss.item(), 3), 'reward', round(r.mean().item(), 3))
x = torch.randn(3000, C)
with torch.no_grad():
    got = (x @ M).gather(1, policy(x).argmax(1)[:, None]).mean().item()
print('greedy reward', round(got, 3), 'best possible', round((x @ M).max(1).values.mean().item(), 3))
