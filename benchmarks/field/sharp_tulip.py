import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(105)
D = load_digits()
img = torch.tensor(D.images, dtype=torch.float32) / 16
lab = torch.tensor(D.target)
p = torch.randperm(len(img))
img, lab = img[p], lab[p]
domains = [torch.rot90(img, k, (1, 2)).flatten(1) for k in range(4)]


class Hyper(nn.Module):
    def __init__(self, code=6, h=40):
        super().__init__()
        self.h = h
        self.codes = nn.Embedding(4, code)
        self.shared = nn.Linear(64, h)
        self.gen = nn.Sequential(nn.Linear(code, 32), nn.Tanh(), nn.Linear(32, h * 10 + 10))
        nn.init.normal_(self.gen[-1].weight, std=1.5)

    def forward(self, x, k):
        g = self.gen(self.codes.weight[k])
        W, b = g[:self.h * 10].view(10, self.h), g[self.h * 10:]
        return F.linear(F.relu(self.shared(x)), W, b)


net = Hyper()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
for it in range(1501):
    k = it % 4
    b = torch.randint(0, 1400, (48,))
    loss = F.cross_entropy(net(domains[k][b], k), lab[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 150 == 0:
        with torch.no_grad():
            o = torch.cat([net(d[1400:], j) for j, d in enumerate(domains)])
            t = lab[1400:].repeat(4)
        print(it, f'{loss.item():.4f} test {F.cross_entropy(o, t).item():.4f} {(o.argmax(1) == t).float().mean().item():.3f}')
