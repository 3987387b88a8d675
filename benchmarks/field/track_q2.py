import copy, random
from collections import deque
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(10); torch.manual_seed(10)
N = 8  # one-dimensional track, start in the middle, exit on the right pays, on the left costs

def one_hot(s):
    v = torch.zeros(N); v[s] = 1.0
    return v

def env_step(s, a):
    if random.random() < 0.1:
        a = 1 - a
    s = s + (1 if a == 1 else -1)
    if s < 0: return 0, -1.0, True
    if s >= N: return N - 1, 1.0, True
    return s, -0.02, False

class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(N, 32)
        self.fc2 = nn.Linear(32, 2)
    def forward(self, s):
        return self.fc2(F.relu(self.fc1(s)))

q = QNet(); target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory = deque(maxlen=5000)
s, eps, rets, ret = N // 2, 1.0, [], 0.0
for step in range(3000):
    eps = max(0.05, eps * 0.998)
    if random.random() < eps: a = random.randint(0, 1)
    else:
        with torch.no_grad(): a = int(q(one_hot(s)).argmax())
    s2, r, done = env_step(s, a)
    memory.append((one_hot(s), a, r, one_hot(s2), done)); ret += r
    s = N // 2 if done else s2
    if done: rets.append(ret); ret = 0.0
    if len(memory) < 64: continue
    S, A, R, S2, Dn = zip(*random.sample(memory, 32))
    S, S2, A, R, Dn = torch.stack(S), torch.stack(S2), torch.tensor(A), torch.tensor(R), torch.tensor(Dn).float()
    with torch.no_grad():
        y = R + 1.05 * target(S2).max(1).values
    loss = F.mse_loss(q(S).gather(1, A[:, None]).squeeze(1), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 10 == 0: target.load_state_dict(q.state_dict())
    if step % 500 == 0: print(step, "loss", loss.item(), "eps", round(eps, 2))
with torch.no_grad(): v = q(torch.eye(N)).max(1).values
print("last returns %.3f" % (sum(rets[-40:]) / 40), "values", [round(x, 2) for x in v.tolist()])
