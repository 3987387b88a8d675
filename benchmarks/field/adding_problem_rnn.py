import torch
import torch.nn as nn

torch.manual_seed(107)
T, H = 24, 40


def make(n):
    v = torch.rand(n, T)
    m = torch.zeros(n, T)
    a, b = torch.randint(0, T // 2, (n,)), torch.randint(T // 2, T, (n,))
    m[torch.arange(n), a] = 1
    m[torch.arange(n), b] = 1
    return torch.stack([v, m], 2), (v * m).sum(1)


class AddRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.Wx = nn.Parameter(torch.randn(2, H) * 0.3)
        self.Wh = nn.Parameter(torch.eye(H) * 1.35)
        self.b = nn.Parameter(torch.zeros(H))
        self.out = nn.Linear(H, 1)

    def forward(self, x):
        h = torch.zeros(len(x), H)
        for t in range(T):
            h = torch.relu(x[:, t] @ self.Wx + h @ self.Wh + self.b)
        return self.out(h).squeeze(1)


net = AddRNN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(800):
    x, y = make(32)
    loss = (net(x) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 80 == 0:
        print(step, loss.item())
x, y = make(1000)
with torch.no_grad():
    print('eval mse', (net(x) - y).pow(2).mean().item(), 'variance', y.var().item())
