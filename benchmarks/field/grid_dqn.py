import random
import torch
import torch.nn as nn
from collections import deque

random.seed(0); torch.manual_seed(0)
N = 6
WALLS = {(1, 1), (1, 2), (1, 3), (3, 4), (4, 4), (3, 2), (4, 1)}
GOAL = (5, 5)
MOVES = [(0, 1), (1, 0), (0, -1), (-1, 0)]

def step(s, a):
    r, c = s[0] + MOVES[a][0], s[1] + MOVES[a][1]
    if not (0 <= r < N and 0 <= c < N) or (r, c) in WALLS:
        r, c = s
    return (r, c), (1.0 if (r, c) == GOAL else -0.02), (r, c) == GOAL

free = [(r, c) for r in range(N) for c in range(N) if (r, c) not in WALLS and (r, c) != GOAL]

def code(ss):
    x = torch.zeros(len(ss), 2 * N)
    for i, (r, c) in enumerate(ss):
        x[i, r] = 1; x[i, N + c] = 1
    return x

make = lambda: nn.Sequential(nn.Linear(2 * N, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
q, target = make(), make()
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory = deque(maxlen=5000)
s, t, losses = random.choice(free), 0, []

def greedy_success():
    ok = 0
    for s0 in free:
        s = s0
        for _ in range(20):
            with torch.no_grad():
                s, _, done = step(s, q(code([s])).argmax().item())
            if done:
                ok += 1
                break
    return ok / len(free)

for it in range(4000):
    eps = max(0.1, 1 - it / 2000)
    if random.random() < eps:
        a = random.randrange(4)
    else:
        with torch.no_grad():
            a = q(code([s])).argmax().item()
    s2, r, done = step(s, a)
    memory.append((s, a, r, s2, done))
    t += 1
    s = random.choice(free) if done or t % 40 == 0 else s2
    if len(memory) < 200:
        continue
    b = random.sample(memory, 32)
    S, A, R, S2, D = zip(*b)
    with torch.no_grad():
        y = torch.tensor(R) + 0.95 * (1 - torch.tensor(D).float()) * target(code(S2)).max(1).values
    loss = nn.functional.smooth_l1_loss(q(code(S)).gather(1, torch.tensor(A)[:, None])[:, 0], y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.item())
    if it % 100 == 0:
        target.load_state_dict(q.state_dict())
    if it % 500 == 499:
        print(it + 1, f'td loss {sum(losses[-200:]) / 200:.5f} greedy success {greedy_success():.2f}')
