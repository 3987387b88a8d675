import random, collections
import torch, torch.nn as nn

random.seed(0); torch.manual_seed(0)


class Cart:
    """Keep a noisy unstable point near zero with pushes left, none, right."""

    def reset(self):
        self.x, self.v, self.t = random.uniform(-0.3, 0.3), 0.0, 0
        return self.obs()

    def obs(self):
        return (self.x, self.v)

    def step(self, a):
        self.v = 0.95 * self.v + 0.06 * self.x + 0.05 * (a - 1) + random.gauss(0, 0.005)
        self.x += self.v
        self.t += 1
        dead = abs(self.x) > 1
        return self.obs(), (-1.0 if dead else 0.1 - 0.1 * abs(self.x)), dead, dead or self.t >= 60


q = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))
tq = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))
tq.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory = collections.deque(maxlen=5000)
env, gamma, lengths = Cart(), 0.95, []
s = env.reset()
for it in range(1, 6001):
    eps = max(0.05, 1 - it / 2000)
    if random.random() < eps:
        a = random.randrange(3)
    else:
        with torch.no_grad():
            a = q(torch.tensor(s)).argmax().item()
    s2, r, dead, over = env.step(a)
    memory.append((s, a, r, s2, dead))
    s = s2
    if over:
        lengths.append(env.t)
        s = env.reset()
    if it > 200 and it % 2 == 0:
        S, A, R, S2, E = map(torch.tensor, zip(*random.sample(memory, 48)))
        with torch.no_grad():
            y = R + gamma * (~E).float() * tq(S2).max(1).values
        loss = nn.functional.smooth_l1_loss(q(S).gather(1, A[:, None]).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if it % 200 == 0:
        tq.load_state_dict(q.state_dict())
    if it % 1000 == 0:
        print(it, "td loss", round(loss.item(), 5), "mean length of last 15 episodes", round(sum(lengths[-15:]) / 15, 1))
