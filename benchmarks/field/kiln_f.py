import torch
torch.manual_seed(17)
X = torch.randn(12000, 8); Y = (torch.sin(2 * X[:, :1]) + X[:, 1:2] * X[:, 2:3]); Y = (Y - Y.mean()) / Y.std() + 0.1 * torch.randn(12000, 1)
sh = [(8, 64), (64, 64), (64, 1)]
W = [(torch.randn(a, b) / a ** 0.5).requires_grad_() for a, b in sh]
B = [torch.zeros(b, requires_grad=True) for _, b in sh]
def f(x):
    for k in range(3):
        x = (x.bfloat16() @ W[k].bfloat16()).float() + B[k]
        if k < 2: x = torch.nn.functional.silu(x)
    return x
opt = torch.optim.Adam(W + B, lr=0.003)
for s in range(1500):
    i = torch.randint(0, 10000, (128,))
    l = (f(X[i]) - Y[i]).square().mean(); opt.zero_grad(); l.backward(); opt.step()
    if s % 150 == 0: print(s, round(l.item(), 4))
with torch.no_grad(): print('train %.4f held-out %.4f' % ((f(X[:10000]) - Y[:10000]).square().mean(), (f(X[10000:]) - Y[10000:]).square().mean()))
