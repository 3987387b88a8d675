import random
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(0)
random.seed(0)

N = 12
GAMMA = 1.08
START = 0


def env_step(s, a):
    if random.random() < 0.1:
        a = 1 - a
    s2 = min(max(s + (1 if a == 1 else -1), 0), N - 1)
    done = s2 == N - 1
    return s2, (1.0 if s2 == N - 1 else -0.01), done


def onehot(s):
    return nn.functional.one_hot(torch.as_tensor(s), N).float()


class QNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(N, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, s):
        return self.body(s)


q, target = QNet(), QNet()
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
memory = []
s, t, eps = START, 0, 1.0
for step in range(1, 6001):
    eps = max(0.1, eps * 0.999)
    if random.random() < eps:
        a = random.randrange(2)
    else:
        with torch.no_grad():
            a = int(q(onehot(s)).argmax())
    s2, r, d = env_step(s, a)
    memory.append((s, a, r, s2, float(d)))
    if len(memory) > 5000:
        memory.pop(0)
    t += 1
    s = s2
    if d or t >= 60:
        s, t = random.randrange(N - 1), 0
    if len(memory) < 200:
        continue
    S, A, R, S2, D = zip(*random.sample(memory, 32))
    with torch.no_grad():
        y = torch.tensor(R) + GAMMA * (1 - torch.tensor(D)) * target(onehot(S2)).max(1).values
    pred = q(onehot(S)).gather(1, torch.tensor(A)[:, None]).squeeze(1)
    loss = nn.functional.mse_loss(pred, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        target.load_state_dict(q.state_dict())
    if step % 600 == 0:
        print(f'step {step} td loss {loss.item():.5f} mean Q {pred.mean().item():.3f} eps {eps:.2f}')
