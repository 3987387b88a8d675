import torch
torch.manual_seed(3)
n, d, h, k = 24000, 20, 80, 6
X = torch.randn(n, d)
y = torch.stack([X[:, j] + X[:, j + 6] * X[:, j + 12] * 0.5 for j in range(k)], 1).argmax(1)
W1 = torch.randn(d, h) * 4.0
b1 = torch.zeros(h)
W2 = torch.randn(h, h) * 2.0
b2 = torch.zeros(h)
W3 = torch.randn(h, k) * 0.01
b3 = torch.zeros(k)
P = [W1, b1, W2, b2, W3, b3]
for p in P: p.requires_grad_(True)
def net(x):
    h1 = torch.tanh(x @ W1 + b1)
    h2 = torch.tanh(h1 @ W2 + b2)
    return h2 @ W3 + b3
F = torch.nn.functional
for step in range(3000):
    i = torch.randint(0, 22000, (128,))
    loss = F.cross_entropy(net(X[i]), y[i])
    for p in P: p.grad = None
    loss.backward()
    for p in P: p.data -= 0.2 * p.grad
    if step % 200 == 0: print(step, f'{loss.item():.4f}')
with torch.no_grad():
    print(f'train {F.cross_entropy(net(X[:22000]), y[:22000]):.4f} held-out {F.cross_entropy(net(X[22000:]), y[22000:]):.4f} acc {(net(X[22000:]).argmax(1) == y[22000:]).float().mean():.4f}')
