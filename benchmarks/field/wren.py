import math, torch
torch.set_num_threads(1)
torch.manual_seed(19)
n = 800
r = torch.rand(2 * n).sqrt()
k = torch.arange(2 * n) % 2
a = 2.6 * math.pi * r + math.pi * k
X = torch.stack([r * a.cos(), r * a.sin()], 1) * 2 + 0.03 * torch.randn(2 * n, 2)
Y = k.float()
W = [torch.randn(2, 48), torch.randn(48, 48) * (2 / 48) ** .5, torch.randn(48, 1) * (1 / 48) ** .5]
B = [torch.zeros(48), torch.zeros(48), torch.zeros(1)]
scale = [70.0, 70.0, 1.0]
W = [w * s for w, s in zip(W, scale)]
for t in W + B:
    t.requires_grad_()
def f(x):
    x = torch.relu((x @ W[0] + B[0]) / scale[0])
    x = torch.relu((x @ W[1] + B[1]) / scale[1])
    return ((x @ W[2] + B[2]) / scale[2]).squeeze(1)
lossf = torch.nn.BCEWithLogitsLoss()
for it in range(4000):
    i = torch.randint(0, 1200, (64,))
    L = lossf(f(X[i]), Y[i])
    grads = torch.autograd.grad(L, W + B)
    with torch.no_grad():
        for j in range(3):
            W[j] -= 0.15 * grads[j]
            B[j] -= 0.15 * grads[3 + j]
    if it % 800 == 0:
        print(it, L.item())
with torch.no_grad():
    o = f(X[1200:])
    print("train", lossf(f(X[:1200]), Y[:1200]).item(), "test", lossf(o, Y[1200:]).item(), "acc", ((o > 0).float() == Y[1200:]).float().mean().item())
