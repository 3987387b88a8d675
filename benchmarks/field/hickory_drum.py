import torch
import torch.nn as nn

torch.manual_seed(17)
N = 1600
age = 60 + 12 * torch.randn(N)
pressure = 130 + 18 * torch.randn(N)
platelets = 250000 + 60000 * torch.randn(N)
income = 42000 + 15000 * torch.randn(N).abs()
marker = torch.randn(N)
risk = 0.8 * (age - 60) / 12 + 0.6 * ((pressure - 130) / 18) ** 2 - 0.5 * (platelets - 250000) / 60000 + 0.7 * marker
event_time = -torch.log(torch.rand(N)) / (0.1 * torch.exp(risk))
censor = -torch.log(torch.rand(N)) / 0.05
time = torch.minimum(event_time, censor)
event = (event_time <= censor).float()
X = torch.stack([age, pressure, platelets, income, marker], 1)
tr, te = slice(0, 1200), slice(1200, N)


class RiskNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(5, 1, bias=False)
        self.hidden = nn.Linear(5, 24)
        self.out = nn.Linear(24, 1, bias=False)
        nn.init.zeros_(self.linear.weight)

    def forward(self, x):
        return (self.linear(x) + self.out(torch.tanh(self.hidden(x)))).squeeze(1)


def partial_likelihood(score, t, e):
    order = torch.argsort(t, descending=True)
    s, ev = score[order], e[order]
    return -((s - torch.logcumsumexp(s, 0)) * ev).sum() / ev.sum()


def concordance(score, t, e):
    ok = (t[:, None] < t[None, :]) & (e[:, None] > 0)
    diff = score[:, None] - score[None, :]
    return ((diff > 0).float() + 0.5 * (diff == 0).float())[ok].mean().item()


net = RiskNet()
opt = torch.optim.Adagrad(net.parameters(), lr=0.03)
for step in range(1500):
    idx = torch.randint(0, 1200, (200,))
    loss = partial_likelihood(net(X[idx]), time[idx], event[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("test concordance %.4f" % concordance(net(X[te]), time[te], event[te]))
