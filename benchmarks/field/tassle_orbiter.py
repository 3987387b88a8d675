import copy
import random
import numpy as np
import torch
import torch.nn as nn

random.seed(2)
torch.manual_seed(2)
N = 10
q = nn.Sequential(nn.Linear(N, 32), nn.ReLU(), nn.Linear(32, 2))
target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
eye = torch.eye(N)
buf = []
s, t, done_returns, ret = 0, 0, [], 0.0
for step in range(4000):
    eps = max(0.1, 1 - step / 1500)
    a = random.randrange(2) if random.random() < eps else q(eye[s]).argmax().item()
    if random.random() < 0.1:
        a = 1 - a
    s2 = max(0, s - 1) if a == 0 else s + 1
    r, d = (1.0, 1.0) if s2 == N - 1 else (-0.02, 0.0)
    buf.append((s, a, r, s2, d))
    buf = buf[-5000:]
    ret += r
    t += 1
    s = s2
    if d or t >= 60:
        done_returns.append(ret)
        s, t, ret = 0, 0, 0.0
    if len(buf) >= 100:
        B = random.sample(buf, 32)
        S, A, R, S2, Dn = map(torch.tensor, zip(*B))
        with torch.no_grad():
            y = R + 0.95 * (1 - Dn) * target(eye[S2]).max(1).values
        loss = nn.functional.smooth_l1_loss(q(eye[S]).gather(1, A[:, None]).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 100 == 0:
            target.load_state_dict(q.state_dict())
        if step % 400 == 0 or step == 3999:
            print(f"step {step} loss {loss.item():.5f} return {np.mean(done_returns[-10:]):.3f}")
