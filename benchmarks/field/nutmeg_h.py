import torch
torch.manual_seed(12)
X = torch.tensor([[-1., -1.], [-1., 1.], [1., -1.], [1., 1.]])
y = torch.tensor([0., 1., 1., 0.])
w1 = torch.randn(2, 6, requires_grad=True)
b1 = torch.zeros(6, requires_grad=True)
w2 = (torch.randn(6) * 0.4).requires_grad_()
b2 = torch.zeros((), requires_grad=True)
params = [w1, b1, w2, b2]
for it in range(250):
    z = torch.tanh(X @ w1 + b1) @ w2 + b2
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
    loss.backward()
    for p in params:
        p.data -= 0.5 * p.grad
        p.grad = None
    if it % 50 == 49: print(it + 1, loss.item(), torch.sigmoid(z).tolist())
