import torch
torch.manual_seed(8)
T, H = 20, 64
Wx = torch.randn(1, H) * 0.5
Wh = torch.randn(H, H) * (2.5 / H ** 0.5)
b = torch.zeros(H)
Wo = torch.randn(H, 1) / H ** 0.5
bo = torch.zeros(1)
theta = [Wx, Wh, b, Wo, bo]
for p in theta:
    p.requires_grad_()
kernel = 0.9 ** torch.arange(T - 1., -1, -1)
def traces(n):
    x = torch.randn(n, T)
    y = (x * kernel).sum(1, keepdim=True) / 2.2
    return x, y
def net(x):
    h = torch.zeros(len(x), H)
    for t in range(T):
        h = torch.tanh(x[:, t:t + 1] @ Wx + h @ Wh + b)
    return h @ Wo + bo
opt = torch.optim.SGD(theta, lr=0.02, momentum=0.8)
xv, yv = traces(1000)
for it in range(1200):
    x, y = traces(64)
    loss = (net(x) - y).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 120 == 0: print(it, round(loss.item(), 4))
with torch.no_grad():
    x, y = traces(1000)
    print('train', round((net(x) - y).square().mean().item(), 4), 'held-out', round((net(xv) - yv).square().mean().item(), 4))
