import torch
torch.manual_seed(9)
X = torch.randn(4000, 6)
Y = torch.tanh(X[:, :1] - X[:, 1:2]) + 0.4 * X[:, 2:3] + 0.1 * torch.randn(4000, 1)
w1 = torch.randn(6, 32) / 6 ** 0.5; b1 = torch.zeros(32)
w2 = torch.randn(32, 1) / 32 ** 0.5; b2 = torch.zeros(1)
params = [w1, b1, w2, b2]
for p in params: p.requires_grad_()
def mae(i):
    return ((torch.tanh(X[i] @ w1 + b1) @ w2 + b2 - Y[i]).abs()).mean()
rate = 0.03
for step in range(1200):
    loss = mae(torch.randint(0, 3200, (64,)))
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for p, g in zip(params, grads):
            p.add_(rate * g)
    if step % 120 == 0: print(step, '%.5f' % loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f' % (mae(slice(0, 3200)), mae(slice(3200, 4000))))
