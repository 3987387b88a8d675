import numpy as np
import torch
import torch.nn as nn

rs = np.random.RandomState(4)
torch.manual_seed(4)
SIZE, LIMIT = 5, 25
MOVES = [(0, 1), (0, -1), (1, 0), (-1, 0)]


def obs(pos):
    v = torch.zeros(SIZE * SIZE)
    v[pos[0] * SIZE + pos[1]] = 1
    return v


policy = nn.Sequential(nn.Linear(25, 32), nn.Tanh(), nn.Linear(32, 4))
value = nn.Sequential(nn.Linear(25, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(list(policy.parameters()) + list(value.parameters()), lr=5e-3)


def episode():
    pos = (rs.randint(SIZE), rs.randint(SIZE - 1))
    S, A, R = [], [], []
    for t in range(LIMIT):
        o = obs(pos)
        with torch.no_grad():
            a = torch.distributions.Categorical(logits=policy(o)).sample().item()
        S.append(o)
        A.append(a)
        pos = (min(max(pos[0] + MOVES[a][0], 0), SIZE - 1), min(max(pos[1] + MOVES[a][1], 0), SIZE - 1))
        done = pos == (SIZE - 1, SIZE - 1)
        R.append(1.0 if done else -0.04)
        if done:
            break
    G, out = 0.0, []
    for r in reversed(R):
        G = r + 0.97 * G
        out.append(G)
    return S, A, out[::-1], sum(R)


for update in range(250):
    S, A, G, total = [], [], [], []
    for _ in range(8):
        s, a, g, r = episode()
        S += s
        A += a
        G += g
        total.append(r)
    S, A, G = torch.stack(S), torch.tensor(A), torch.tensor(G)
    dist = torch.distributions.Categorical(logits=policy(S))
    v = value(S).squeeze(1)
    adv = (G - v).detach()
    loss = -(dist.log_prob(A) * adv).mean() + 0.5 * (G - v).pow(2).mean() - 0.005 * dist.entropy().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if update % 25 == 0 or update == 249:
        print(f"update {update} loss {loss.item():.3f} return {np.mean(total):.3f}")
