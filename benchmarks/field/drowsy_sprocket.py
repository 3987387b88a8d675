import torch
from torch import nn

torch.manual_seed(109)
N, H = 5, 10
GOAL = torch.tensor([4, 4])
MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


def obs(pos):
    z = torch.zeros(len(pos), N * N)
    z[torch.arange(len(pos)), pos[:, 0] * N + pos[:, 1]] = 1
    return z


policy = nn.Sequential(nn.Linear(N * N, 32), nn.Tanh(), nn.Linear(32, 4))
value = nn.Sequential(nn.Linear(N * N, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 4e-3}, {"params": value.parameters(), "lr": 1e-2}])


def rollout(n):
    pos = torch.randint(0, 3, (n, 2))
    done = torch.zeros(n, dtype=torch.bool)
    S, LP, ENT, R, M = [], [], [], [], []
    for t in range(H):
        o = obs(pos)
        dist = torch.distributions.Categorical(logits=policy(o))
        a = dist.sample()
        pos = torch.where(done[:, None], pos, (pos + MOVES[a]).clamp(0, N - 1))
        hit = (pos == GOAL).all(1) & ~done
        S.append(o); LP.append(dist.log_prob(a)); ENT.append(dist.entropy())
        R.append(hit.float() - 0.02 * (~done).float()); M.append((~done).float())
        done = done | hit
    return [torch.stack(v) for v in (S, LP, ENT, R, M)]


for it in range(1, 401):
    S, LP, ENT, R, M = rollout(48)
    G = R.flip(0).cumsum(0).flip(0)
    V = value(S).squeeze(-1)
    adv = (G - V).detach()
    adv = (adv - adv[M > 0].mean()) / (adv[M > 0].std() + 1e-6)
    loss = -(LP * adv * M).sum() / M.sum() + 0.5 * (((V - G) ** 2) * M).sum() / M.sum() - 0.01 * (ENT * M).sum() / M.sum()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(list(policy.parameters()) + list(value.parameters()), 1.0)
    opt.step()
    if it % 40 == 0:
        print(f"iter {it} loss {loss.item():.3f} return {R.sum(0).mean().item():.3f} reached {(R > 0.5).any(0).float().mean().item():.3f}")
