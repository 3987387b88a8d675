import torch
from torch import nn

torch.manual_seed(40)
T, K, H = 20, 8, 64


def sample(n):
    x = torch.randint(0, K, (n, T))
    return x, x[:, 0]


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Embedding(K, H)
        self.rec = nn.Parameter(torch.empty(H, H))
        nn.init.normal_(self.rec, std=0.04)
        self.bias = nn.Parameter(torch.zeros(H))
        self.out = nn.Linear(H, K)
        nn.init.normal_(self.inp.weight, std=0.3)

    def forward(self, x):
        h = torch.zeros(len(x), H)
        for t in range(T):
            h = torch.tanh(self.inp(x[:, t]) + h @ self.rec + self.bias)
        return self.out(h)


net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1800):
    x, y = sample(64)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 300 == 0:
        print(step, loss.item())
x, y = sample(2000)
with torch.no_grad():
    out = net(x)
    print('final loss', nn.functional.cross_entropy(out, y).item(), 'fresh acc', (out.argmax(1) == y).float().mean().item())
