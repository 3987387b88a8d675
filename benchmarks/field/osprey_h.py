import torch
from torch import nn

torch.manual_seed(15)
T, H = 20, 40
def make(n):
    v = torch.rand(n, T) * 2 - 1
    m = torch.zeros(n, T)
    for i in range(n):
        a, b = torch.randperm(T)[:2]
        m[i, a] = m[i, b] = 1
    return torch.stack([v, m], -1), (v * m).sum(1) / 0.8
x, y = make(3000)
vx, vy = make(500)

class ReluRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.i = nn.Linear(2, H)
        self.u = nn.Parameter(torch.eye(H) + 0.15 * torch.randn(H, H))
        self.o = nn.Linear(H, 1)
    def forward(self, s):
        h = s.new_zeros(len(s), H)
        for t in range(T):
            h = torch.relu(self.i(s[:, t]) + h @ self.u)
        return self.o(h).squeeze(1)

net = ReluRNN()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
rec = []
for step in range(1200):
    b = torch.randint(0, 3000, (50,))
    loss = (net(x[b]) - y[b]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    rec.append(loss.item())
    if (step + 1) % 200 == 0:
        with torch.no_grad():
            print(step + 1, 'train', sum(rec[-100:]) / 100, 'valid', (net(vx) - vy).pow(2).mean().item())
