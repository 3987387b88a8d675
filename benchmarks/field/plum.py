import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(2)
d = load_digits()
X, Y = torch.tensor(d.data / 16).float(), torch.tensor(d.target)
q = torch.randperm(len(X)); X, Y = X[q], Y[q]
w1 = (torch.randn(64, 40) * 0.15).requires_grad_()
b1 = torch.zeros(40, requires_grad=True)
w2 = (torch.randn(40, 10) * 0.1).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
P = [w1, b1, w2, b2]
net = lambda x: torch.relu(x @ w1 + b1) @ w2 + b2
for it in range(400):
    k = torch.randint(0, 1400, (64,))
    loss = F.cross_entropy(net(X[k]), Y[k])
    g = torch.autograd.grad(loss, P)
    norm = sum(dp.square().sum() for dp in g).sqrt().clamp(min=1.0)
    with torch.no_grad():
        for p, dp in zip(P, g):
            p.add_(dp / norm, alpha=0.1)
    if it % 50 == 0: print(it, loss.item())
with torch.no_grad():
    o = net(X[1400:])
    print("train", loss.item(), "test", F.cross_entropy(o, Y[1400:]).item(), "acc", (o.argmax(1) == Y[1400:]).float().mean().item())
