import torch, torch.nn as nn
from torch.func import functional_call, grad_and_value
torch.manual_seed(30)
X = torch.randn(16000, 7); y = ((X[:, 0] * X[:, 1] + X[:, 2]).tanh() + 0.1 * torch.randn(16000))[:, None]; y = y / y.std()
net = nn.Sequential(nn.Linear(7, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
P = {k: v.detach().clone() for k, v in net.named_parameters()}; M = {k: torch.zeros_like(v) for k, v in P.items()}
def loss(p, a, b): return (functional_call(net, p, (a,)) - b).square().mean()
step = grad_and_value(loss); lr = 0.03
for s in range(2000):
    i = torch.randint(0, 14000, (64,)); g, l = step(P, X[i], y[i])
    for k in P:
        M[k] = 0.9 * M[k] + g[k]; P[k] = P[k] - lr * (g[k] + 0.9 * M[k])
    if s % 200 == 0: print(s, '%.4f' % l.item())
print('train %.4f held-out %.4f' % (loss(P, X[:14000], y[:14000]), loss(P, X[14000:], y[14000:])))
