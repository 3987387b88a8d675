import torch
torch.manual_seed(2)
n = 3000
r = torch.cat([torch.rand(n // 2) * 0.9, 1.2 + torch.rand(n // 2)])
a = torch.rand(n) * 6.2832
X = torch.stack([r * torch.cos(a), r * torch.sin(a)], 1) + 0.05 * torch.randn(n, 2)
X = (X - X.mean(0)) / X.std(0)
y = torch.cat([torch.zeros(n // 2), torch.ones(n // 2)])
p = torch.randperm(n)
X, y = X[p], y[p]
H = 32
W1 = torch.full((2, H), 0.5)
b1 = torch.zeros(H)
W2 = torch.full((H, 1), 0.1)
b2 = torch.zeros(1)
ps = [W1, b1, W2, b2]
for q in ps: q.requires_grad = True
def f(x):
    return (torch.tanh(x @ W1 + b1) @ W2 + b2)[:, 0]
bce = torch.nn.functional.binary_cross_entropy_with_logits
for step in range(2000):
    i = torch.randint(0, 2400, (64,))
    loss = bce(f(X[i]), y[i])
    loss.backward()
    with torch.no_grad():
        for q in ps:
            q -= 0.6 * q.grad
            q.grad.zero_()
    if step % 200 == 0: print(step, '%.4f' % loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.3f' % (bce(f(X[:2400]), y[:2400]), bce(f(X[2400:]), y[2400:]), ((f(X[2400:]) > 0).float() == y[2400:]).float().mean()))
