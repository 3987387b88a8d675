import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(25)
V, L = 12, 7


def batch(n):
    x = torch.randint(1, V, (n, L))
    y = (x.cumsum(1) + torch.roll(x, 1, 1)) % V
    return x, y


class Encoder(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.emb = nn.Embedding(V, d)
        self.cell = nn.GRUCell(d, d)

    def forward(self, x):
        h = torch.zeros(len(x), self.cell.hidden_size)
        states = []
        for t in range(x.size(1)):
            h = self.cell(self.emb(x[:, t]), h)
            states.append(h.data)
        return torch.stack(states, 1)


class Tagger(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.encoder = Encoder(d)
        self.mix = nn.Sequential(nn.Linear(d, 96), nn.ReLU(), nn.Linear(96, V))

    def forward(self, x):
        return self.mix(self.encoder(x))


net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500)
for step in range(1500):
    x, y = batch(64)
    loss = F.cross_entropy(net(x).transpose(1, 2), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    x, y = batch(2000)
    out = net(x)
    print("final loss", round(loss.item(), 4), "fresh loss", round(F.cross_entropy(out.transpose(1, 2), y).item(), 4),
          "fresh acc", round((out.argmax(-1) == y).float().mean().item(), 4))
