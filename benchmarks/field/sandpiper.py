import torch

torch.manual_seed(5)
N, D, H, L = 3000, 10, 64, 6
X = torch.randn(N, D)
a, b = torch.randn(D) / D ** 0.5, torch.randn(D) / D ** 0.5
y = torch.sin(2 * X @ a) + 0.5 * (X @ b) ** 2 + 0.05 * torch.randn(N)
y = (y - y.mean()) / y.std()

Ws, bs = [], []
fan = D
for l in range(L):
    Ws.append((torch.randn(fan, H) * 0.45).requires_grad_())
    bs.append(torch.zeros(H, requires_grad=True))
    fan = H
Ws.append((torch.randn(H, 1) / H ** 0.5).requires_grad_())
bs.append(torch.zeros(1, requires_grad=True))

def predict(x):
    for W, c in zip(Ws[:-1], bs[:-1]):
        x = torch.relu(x @ W + c)
    return (x @ Ws[-1] + bs[-1]).squeeze(1)

opt = torch.optim.Adam(Ws + bs, lr=1e-3)
Xt, yt, Xv, yv = X[:2500], y[:2500], X[2500:], y[2500:]
for it in range(1, 1501):
    i = torch.randint(0, 2500, (64,))
    loss = ((predict(Xt[i]) - yt[i]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 300 == 0:
        with torch.no_grad():
            print(it, 'train mse', ((predict(Xt) - yt) ** 2).mean().item(), 'valid mse', ((predict(Xv) - yv) ** 2).mean().item())
