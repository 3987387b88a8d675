import random, copy
from collections import deque
import torch
from torch import nn
random.seed(0); torch.manual_seed(0)
SIZE, GOAL, PITS = 5, (4, 4), {(1, 1), (2, 3), (3, 1)}
def step(s, a):
    dx, dy = [(0, 1), (0, -1), (1, 0), (-1, 0)][a]
    n = (min(max(s[0] + dx, 0), SIZE - 1), min(max(s[1] + dy, 0), SIZE - 1))
    if n == GOAL: return n, 1.0, True
    if n in PITS: return n, -1.0, True
    return n, -0.02, False
def feat(s):
    v = [0.0] * (2 * SIZE); v[s[0]] = 1.0; v[SIZE + s[1]] = 1.0
    return v
q = nn.Sequential(nn.Linear(2 * SIZE, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
buf = deque(maxlen=5000)
s, steps, returns, ret, length = (0, 0), 0, [], 0.0, 0
while steps < 4000:
    eps = max(0.05, 1 - steps / 2000)
    with torch.no_grad():
        a = random.randrange(4) if random.random() < eps else q(torch.tensor(feat(s))).argmax().item()
    n, r, d = step(s, a)
    buf.append((feat(s), a, r, feat(n), float(d)))
    ret += r; length += 1; steps += 1
    s = n
    if d or length > 40:
        returns.append(ret); s, ret, length = (0, 0), 0.0, 0
    if len(buf) > 200:
        S, A, R, S2, D = map(torch.tensor, zip(*random.sample(buf, 32)))
        with torch.no_grad():
            y = R + 0.95 * (1 - D) * target(S2).max(1).values
        loss = nn.functional.smooth_l1_loss(q(S).gather(1, A[:, None])[:, 0], y)
        opt.zero_grad(); loss.backward(); opt.step()
        if steps % 200 == 0: target.load_state_dict(q.state_dict())
    if steps % 1000 == 0: print(steps, 'recent return', sum(returns[-20:]) / len(returns[-20:]))
s, tot = (0, 0), 0
for _ in range(20):
    with torch.no_grad(): s, r, d = step(s, q(torch.tensor(feat(s))).argmax().item())
    tot += r
    if d: break
print('td loss', loss.item(), 'greedy return', tot)
