import torch

torch.manual_seed(80)
n, p = 6000, 20
true_w = torch.randn(p)
X = torch.randn(n, p)
Y = X @ true_w + 1.0 + 2.0 * torch.randn(n)
Xh, Yh = torch.randn(2000, p), None
Yh = Xh @ true_w + 1.0

lin = torch.nn.Linear(p, 1)
sgd = torch.optim.SGD(lin.parameters(), lr=0.02)
size = 1
tail = []
for step in range(1, 6001):
    i = torch.randint(0, n, (size,))
    loss = torch.nn.functional.mse_loss(lin(X[i]).squeeze(1), Y[i])
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    if step > 4000 and step % 20 == 0:
        with torch.no_grad():
            tail.append((lin(Xh).squeeze(1) - Yh).pow(2).mean().item())
    if step % 1000 == 0:
        with torch.no_grad():
            print(step, "error against the true function", round((lin(Xh).squeeze(1) - Yh).pow(2).mean().item(), 4))
print("mean over the last third", round(sum(tail) / len(tail), 4))
