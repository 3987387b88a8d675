import torch
from torch import nn

torch.manual_seed(55)
T, H, B = 40, 50, 32

def batch(n):
    x = torch.randn(n, T, 2) * 0.7
    k = torch.tensor([0.9 ** i for i in range(T)])
    y = torch.stack([(x[:, :t + 1, 0].flip(1) * k[:t + 1]).sum(1) for t in range(T)], 1) / 1.6
    y = y + 0.5 * torch.tanh(x[..., 1])
    return x, y

Wx = nn.Parameter(torch.randn(2, H) * 0.5)
Wh = nn.Parameter(nn.init.orthogonal_(torch.empty(H, H)) * 2.2)
bh = nn.Parameter(torch.zeros(H))
Wo = nn.Parameter(torch.randn(H) * 0.1)
bo = nn.Parameter(torch.zeros(()))
params = [Wx, Wh, bh, Wo, bo]

def run(x):
    h = x.new_zeros(x.shape[0], H)
    out = []
    for t in range(T):
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + bh)
        out.append(h @ Wo + bo)
    return torch.stack(out, 1)

opt = torch.optim.SGD(params, lr=0.02, momentum=0.9)
xv, yv = batch(500)
for step in range(1000):
    x, y = batch(B)
    loss = ((run(x) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0 or step == 999:
        with torch.no_grad():
            print('step', step, 'mse', round(loss.item(), 4), 'held-out', round(((run(xv) - yv) ** 2).mean().item(), 4))
