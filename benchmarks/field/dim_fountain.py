import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(105)
N, H = 5, 14
goal = torch.tensor([4, 4])
moves = torch.tensor([[0, 1], [1, 0], [0, -1], [-1, 0]])


def encode(pos):
    return F.one_hot(pos[:, 0] * N + pos[:, 1], N * N).float()


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.pi = nn.Sequential(nn.Linear(N * N, 48), nn.Tanh(), nn.Linear(48, 4))
        self.v = nn.Sequential(nn.Linear(N * N, 48), nn.Tanh(), nn.Linear(48, 1))


agent = Agent()
opt = torch.optim.Adam(agent.parameters(), lr=5e-3)


def rollout(n):
    pos = torch.randint(0, N, (n, 2))
    done = (pos == goal).all(1)
    states, acts, rews, alive = [], [], [], []
    for _ in range(H):
        s = encode(pos)
        with torch.no_grad():
            a = torch.distributions.Categorical(logits=agent.pi(s)).sample()
        nxt = (pos + moves[a]).clamp(0, N - 1)
        states.append(s), acts.append(a), alive.append(~done)
        rews.append(torch.where(done, 0.0, -0.1))
        pos = torch.where(done[:, None], pos, nxt)
        done = done | (pos == goal).all(1)
    return torch.stack(states), torch.stack(acts), torch.stack(rews), torch.stack(alive).float()


for it in range(350):
    s, a, r, m = rollout(32)
    ret = r.flip(0).cumsum(0).flip(0)
    value = agent.v(s).squeeze(-1)
    adv = (ret - value).detach()
    dist = torch.distributions.Categorical(logits=agent.pi(s))
    pg = -(dist.log_prob(a) * adv * m).sum() / m.sum()
    loss = pg + 0.5 * ((value - ret).pow(2) * m).sum() / m.sum() - 0.002 * (dist.entropy() * m).sum() / m.sum()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(agent.parameters(), 1.0)
    opt.step()
    if it % 35 == 0:
        print(f"iter {it} loss {loss.item():.4f} return {r.sum(0).mean().item():.3f}")
print(f"final loss {loss.item():.4f} fresh return {rollout(2000)[2].sum(0).mean().item():.4f} (optimum about -0.40)")
