import copy, random
import torch
from torch import nn
torch.manual_seed(105); random.seed(105)
S = 5
MOVES = [(0, 1), (1, 0), (0, -1), (-1, 0)]


class Grid:
    def reset(self):
        self.p = (random.randrange(S), random.randrange(S)); self.t = 0
        return self.p

    def step(self, a):
        x, y = self.p[0] + MOVES[a][0], self.p[1] + MOVES[a][1]
        self.p = (min(max(x, 0), S - 1), min(max(y, 0), S - 1)); self.t += 1
        done = self.p == (S - 1, S - 1)
        return self.p, (1.0 if done else -0.02), done, self.t >= 25


feat = lambda ps: torch.tensor(ps, dtype=torch.float32) / 2 - 1
q = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
tgt = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
buf, env = [], Grid()
s = env.reset()
for step in range(3500):
    eps = max(0.1, 1 - step / 1500)
    if random.random() < eps:
        a = random.randrange(4)
    else:
        with torch.no_grad():
            a = q(feat([s])).argmax().item()
    s2, r, done, trunc = env.step(a)
    buf.append((s, a, r, s2, float(done)))
    s = env.reset() if done or trunc else s2
    if step >= 200:
        b = random.sample(buf, 64)
        bs, ba, br, b2, bd = zip(*b)
        with torch.no_grad():
            y = torch.tensor(br) + 0.95 * (1 - torch.tensor(bd)) * tgt(feat(b2)).max(1).values
        pred = q(feat(bs)).gather(1, torch.tensor(ba)[:, None]).squeeze(1)
        loss = nn.functional.smooth_l1_loss(pred, y)
        opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 0:
        tgt.load_state_dict(q.state_dict())
ok = 0
for _ in range(100):
    s, done, trunc = env.reset(), False, False
    while not (done or trunc):
        with torch.no_grad():
            s, _, done, trunc = env.step(q(feat([s])).argmax().item())
    ok += done
print('td loss', loss.item(), 'solved', ok, 'of 100')
