import torch

gen = torch.Generator().manual_seed(42)
N, D, H, L = 4000, 12, 64, 6
X = torch.randn(N, D, generator=gen)
coef = torch.randn(D, generator=gen)
Y = torch.sin(X @ coef * 0.5) + 0.3 * X[:, 0] * X[:, 1] + 0.05 * torch.randn(N, generator=gen)
Xtr, Ytr, Xva, Yva = X[:3200], Y[:3200], X[3200:], Y[3200:]

dims = [D] + [H] * L
params = []
for i in range(L):
    params.append((torch.randn(dims[i], dims[i + 1], generator=gen) * 0.36).requires_grad_())
    params.append(torch.zeros(dims[i + 1], requires_grad=True))
params.append((torch.randn(H, 1, generator=gen) * H ** -0.5).requires_grad_())
params.append(torch.zeros(1, requires_grad=True))


def predict(x):
    for i in range(L):
        x = torch.relu(x @ params[2 * i] + params[2 * i + 1])
    return (x @ params[-2] + params[-1]).squeeze(1)


optimiser = torch.optim.Adam(params, lr=1e-3)
for it in range(1500):
    rows = torch.randint(0, 3200, (64,), generator=gen)
    loss = torch.mean((predict(Xtr[rows]) - Ytr[rows]) ** 2)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if it % 250 == 0:
        print(f"{it:5d} {loss.item():.4f}")
with torch.no_grad():
    print(f"validation mse {torch.mean((predict(Xva) - Yva) ** 2).item():.4f} (variance {Yva.var().item():.4f})")
