import torch, torch.nn as nn
torch.manual_seed(422)
X = torch.randn(600, 100); w = torch.zeros(100); w[:5] = torch.tensor([1., -1., .5, .8, -.6])
y = X @ w + 0.7 * torch.randn(600)
net = nn.Linear(100, 1); nn.init.zeros_(net.weight); nn.init.zeros_(net.bias)
opt = torch.optim.SGD(net.parameters(), lr=0.02, weight_decay=0.12)
for s in range(500):
    i = torch.randint(0, 300, (40,))
    l = nn.functional.mse_loss(net(X[i]).squeeze(1), y[i]); opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        with torch.no_grad(): print(s + 1, "train %.4f test %.4f" % (nn.functional.mse_loss(net(X[:300]).squeeze(1), y[:300]).item(), nn.functional.mse_loss(net(X[300:]).squeeze(1), y[300:]).item()))
