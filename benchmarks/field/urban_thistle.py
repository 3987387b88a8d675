import torch
import torch.nn as nn

torch.manual_seed(24)
K, C = 5, 6
W = torch.randn(C, K)


def rewards(ctx, act):
    mean = torch.sigmoid(2 * ctx @ W)
    return torch.bernoulli(mean.gather(1, act[:, None]).squeeze(1)), mean


policy = nn.Sequential(nn.Linear(C, 32), nn.Tanh(), nn.Linear(32, K))
baseline = nn.Sequential(nn.Linear(C, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([*policy.parameters(), *baseline.parameters()], lr=3e-3)
running = 0.5
for step in range(2500):
    ctx = torch.randn(64, C)
    dist = torch.distributions.Categorical(logits=policy(ctx))
    act = dist.sample()
    r, mean = rewards(ctx, act)
    v = baseline(ctx).squeeze(1)
    adv = (r - v).detach()
    loss = -(dist.log_prob(act) * adv).mean() + 0.5 * (v - r).pow(2).mean() - 0.005 * dist.entropy().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    running = 0.98 * running + 0.02 * r.mean().item()
    if step % 250 == 249:
        print(f"step {step + 1} reward {running:.3f} best possible {mean.max(1).values.mean().item():.3f} chance {mean.mean().item():.3f} loss {loss.item():.3f}")
