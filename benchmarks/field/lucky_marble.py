import math
import torch

torch.set_num_threads(1)
torch.manual_seed(0)


def spirals(n, seed):
    g = torch.Generator().manual_seed(seed)
    t = torch.sqrt(torch.rand(n, generator=g)) * 3 * math.pi
    lab = torch.randint(0, 2, (n,), generator=g).float()
    sgn = lab * 2 - 1
    xy = torch.stack([t * torch.cos(t) * sgn, t * torch.sin(t) * sgn], 1) / 5
    return xy + 0.05 * torch.randn(n, 2, generator=g), lab


X, Y = spirals(3000, 1)
Xv, Yv = spirals(1000, 2)
net = torch.nn.Sequential(
    torch.nn.Linear(2, 64), torch.nn.Tanh(),
    torch.nn.Linear(64, 64), torch.nn.Tanh(),
    torch.nn.Linear(64, 1), torch.nn.Flatten(0))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
bce = torch.nn.BCEWithLogitsLoss()
step = 0
for epoch in range(60):
    for idx in torch.randperm(3000).split(60):
        loss = bce(net(X[idx]), Y[idx])
        loss.backward()
        opt.step()
        step += 1
    if epoch % 6 == 5:
        with torch.no_grad():
            o = net(Xv)
            print(f'{epoch + 1} {loss.item():.4f} {bce(o, Yv).item():.4f} {((o > 0) == (Yv > 0)).float().mean().item():.3f}')
