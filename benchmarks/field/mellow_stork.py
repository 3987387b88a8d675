import copy
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(83)
NS, NA, GAMMA = 16, 2, 1.03


def env_step(s, a):
    s2 = (s + torch.where(a == 0, 1, -1)) % NS
    r = (s2 == 0).float() + 0.05 * torch.randn(len(s))
    return s2, r


s = torch.randint(0, NS, (6000,))
a = torch.randint(0, NA, (6000,))
s2, r = env_step(s, a)


class QNet(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(NS, h), nn.ReLU(), nn.Linear(h, NA))

    def forward(self, s):
        return self.net(F.one_hot(s, NS).float())


q = QNet()
target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
for step in range(3000):
    i = torch.randint(0, len(s), (64,))
    with torch.no_grad():
        goal = r[i] + GAMMA * target(s2[i]).max(1).values
    pred = q(s[i]).gather(1, a[i, None]).squeeze(1)
    loss = F.mse_loss(pred, goal)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 15 == 0:
        target.load_state_dict(q.state_dict())
    if step % 300 == 0:
        print("step", step, "td loss", round(loss.item(), 5), "mean q", round(pred.mean().item(), 3))
with torch.no_grad():
    ss, aa = torch.randint(0, NS, (2000,)), torch.randint(0, NA, (2000,))
    n2, rr = env_step(ss, aa)
    td = F.mse_loss(q(ss).gather(1, aa[:, None]).squeeze(1), rr + GAMMA * q(n2).max(1).values)
    print("final td loss", round(loss.item(), 5), "fresh td", round(td.item(), 5))
