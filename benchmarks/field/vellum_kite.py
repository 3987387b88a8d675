import random
from collections import deque
import torch
import torch.nn as nn

random.seed(80)
torch.manual_seed(80)


class Pole:
    def reset(self):
        self.a, self.w, self.t = random.uniform(-0.2, 0.2), random.uniform(-0.1, 0.1), 0
        return [5 * self.a, 2 * self.w]

    def step(self, act):
        self.w += 0.1 * (3 * self.a + (act - 1) * 1.5) + random.gauss(0, 0.02)
        self.a += 0.1 * self.w
        self.t += 1
        fall = abs(self.a) > 0.5
        return [5 * self.a, 2 * self.w], 0.0 if fall else 1.0 - abs(self.a), fall, fall or self.t >= 60


def qnet():
    return nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))


def play(env, eps):
    s, total, end = env.reset(), 0, False
    while not end:
        a = random.randrange(3) if random.random() < eps else int(q(torch.tensor(s)).argmax())
        s2, r, fall, end = env.step(a)
        memory.append((s, a, r, s2, float(fall)))
        s, total = s2, total + 1
    return total


q, target, memory, env = qnet(), qnet(), deque(maxlen=8000), Pole()
target.load_state_dict(q.state_dict())
opt = torch.optim.RMSprop(q.parameters(), lr=5e-4)
for ep in range(200):
    with torch.no_grad():
        n = play(env, max(0.05, 1 - ep / 80))
    if len(memory) < 300:
        continue
    for _ in range(10):
        s, a, r, s2, f = map(torch.tensor, zip(*random.sample(memory, 64)))
        with torch.no_grad():
            goal = r + 0.9 * (1 - f) * target(s2).max(1).values
        loss = nn.functional.smooth_l1_loss(q(s).gather(1, a[:, None])[:, 0], goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 5 == 0:
        target.load_state_dict(q.state_dict())
    if ep % 40 == 0:
        print(ep, "length", n, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("mean length of greedy episodes (of 60)", sum(play(env, 0.0) for _ in range(50)) / 50)
