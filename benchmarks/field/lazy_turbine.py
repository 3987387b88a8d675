import random
import torch
from torch import nn

random.seed(66)
torch.manual_seed(66)
W = 5
walls = {(1, 1), (2, 1), (3, 3), (1, 3)}
MOVES = [(0, 1), (1, 0), (0, -1), (-1, 0)]


def feats(p):
    v = torch.zeros(W * W)
    v[p[0] * W + p[1]] = 5.0
    return v


def step(p, a):
    q = (p[0] + MOVES[a][0], p[1] + MOVES[a][1])
    if q in walls or not (0 <= q[0] < W and 0 <= q[1] < W):
        q = p
    done = q == (W - 1, W - 1)
    return q, 1.0 if done else -0.02, done


make = lambda: nn.Sequential(nn.Linear(W * W, 64), nn.ReLU(), nn.Linear(64, 4))
q, tgt = make(), make()
tgt.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
replay, returns = [], []
p, total, n = (0, 0), 0.0, 0
for t in range(5000):
    eps = max(0.1, 1 - t / 3000)
    with torch.no_grad():
        a = random.randrange(4) if random.random() < eps else int(q(feats(p)).argmax())
    p2, r, done = step(p, a)
    replay.append((feats(p), a, r, feats(p2), float(done)))
    total, n = total + r, n + 1
    p = p2
    if done or n > 60:
        returns.append(total)
        p, total, n = (0, 0), 0.0, 0
    if t > 300 and t % 2 == 0:
        b = random.sample(replay[-3000:], 32)
        s, aa, rr, s2, dd = zip(*b)
        s, s2, rr, dd, aa = torch.stack(s), torch.stack(s2), torch.tensor(rr), torch.tensor(dd), torch.tensor(aa)
        with torch.no_grad():
            y = rr + 0.95 * (1 - dd) * tgt(s2).max(1).values
        loss = nn.functional.smooth_l1_loss(q(s).gather(1, aa[:, None]).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if t % 100 == 0:
            tgt.load_state_dict(q.state_dict())
        if t % 500 == 0:
            print(t, "loss", round(loss.item(), 5), "return", round(sum(returns[-10:]) / max(1, len(returns[-10:])), 3))
p, k, total = (0, 0), 0, 0.0
while k < 60:
    with torch.no_grad():
        p, r, done = step(p, int(q(feats(p)).argmax()))
    total, k = total + r, k + 1
    if done:
        break
print("greedy return", round(total, 3), "in", k, "moves")
