import torch

torch.manual_seed(50)
gen = torch.Generator().manual_seed(1)
n, d, h = 4000, 12, 50
X = torch.randn(n, d, generator=gen)
teacher = torch.randn(d, 6, generator=gen) / d ** 0.5
Y = torch.relu(X @ teacher).sum(1, keepdim=True)
Y = (Y - Y.mean()) / Y.std()

A = (torch.randn(d, h) / d ** 0.5).requires_grad_()
a = torch.zeros(h, requires_grad=True)
B = (torch.randn(h, 1) / h ** 0.5).requires_grad_()
b = torch.zeros(1, requires_grad=True)
weights = (A, a, B, b)
lr = 0.05

for step in range(9000):
    j = torch.randint(0, 3500, (64,))
    pred = torch.tanh(X[j] @ A + a) @ B + b
    loss = (pred - Y[j]).square().mean()
    loss.backward()
    with torch.no_grad():
        for w in weights:
            w -= lr * w.grad.clamp(-1, 1)
            
    if step % 900 == 0:
        print(f"{step:5d} {loss.item():.4f}")
with torch.no_grad():
    pred = torch.tanh(X[3500:] @ A + a) @ B + b
    print(f"held-out mse {(pred - Y[3500:]).square().mean().item():.4f}")
