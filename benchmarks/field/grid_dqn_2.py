import copy
import random
from collections import deque
import torch
from torch import nn

random.seed(51); torch.manual_seed(51)
N, GAMMA = 5, 0.9
GOAL, PIT = (4, 4), (2, 2)
MOVES = [(0, 1), (1, 0), (0, -1), (-1, 0)]


def encode(s):
    v = [0.0] * (2 * N)
    v[s[0]] = v[N + s[1]] = 1.0
    return v


def move(s, a):
    n = (min(max(s[0] + MOVES[a][0], 0), N - 1), min(max(s[1] + MOVES[a][1], 0), N - 1))
    if n == GOAL:
        return n, 1.0, True
    if n == PIT:
        return n, -1.0, True
    return n, -0.02, False


q = nn.Sequential(nn.Linear(2 * N, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory = deque(maxlen=5000)
s, eps, losses, wins = (0, 0), 1.0, [], deque(maxlen=100)
steps_in_ep = 0
for t in range(5000):
    eps = max(0.1, eps * 0.999)
    if random.random() < eps:
        a = random.randrange(4)
    else:
        with torch.no_grad():
            a = q(torch.tensor([encode(s)])).argmax().item()
    n, r, done = move(s, a)
    memory.append((encode(s), a, r, encode(n), float(done)))
    steps_in_ep += 1
    if done or steps_in_ep > 40:
        wins.append(r > 0.5)
        s, steps_in_ep = (random.randrange(2), random.randrange(2)), 0
    else:
        s = n
    if len(memory) >= 200 and t % 2 == 0:
        S, A, R, S2, D = zip(*random.sample(memory, 64))
        S, R, S2, D = map(torch.tensor, (S, R, S2, D))
        with torch.no_grad():
            goal = R + GAMMA * (1 - D) * target(S2).max(1).values
        loss = nn.functional.smooth_l1_loss(q(S).gather(1, torch.tensor(A)[:, None])[:, 0], goal)
        opt.zero_grad(); loss.backward(); opt.step()
        losses.append(loss.item())
    if t % 200 == 0:
        target.load_state_dict(q.state_dict())
    if t % 500 == 499:
        print(f't {t + 1} loss {sum(losses[-200:]) / 200:.5f} success {sum(wins) / max(1, len(wins)):.2f}')
