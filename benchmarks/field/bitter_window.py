import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(41)
S, A = 8, 3


def step_env(s, a):
    s2 = (s + a - 1).clamp(0, S - 1)
    r = (s2 == S - 1).float() - 0.01
    return s2, r


def onehot(s):
    return F.one_hot(s, S).float() * S ** 0.5


q = nn.Sequential(nn.Linear(S, 32), nn.ReLU(), nn.Linear(32, A))
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
discount = 1.1
for it in range(2500):
    s = torch.randint(0, S, (64,))
    a = torch.randint(0, A, (64,))
    s2, r = step_env(s, a)
    with torch.no_grad():
        target = r + discount * q(onehot(s2)).max(1).values
    value = q(onehot(s)).gather(1, a[:, None]).squeeze(1)
    loss = F.mse_loss(value, target)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 250 == 0:
        print("it", it, "td loss", round(loss.item(), 5), "mean q", round(value.mean().item(), 3))
with torch.no_grad():
    s = torch.arange(S)
    true = torch.tensor([(0.99 * sum(0.9 ** k for k in range(500)) * 0.9 ** max(S - 2 - i, 0)) - sum(0.01 * 0.9 ** k for k in range(max(S - 2 - i, 0))) for i in range(S)])
    print("final td loss %.5f, value error %.4f" % (loss.item(), (q(onehot(s)).max(1).values - true).abs().mean().item()))
