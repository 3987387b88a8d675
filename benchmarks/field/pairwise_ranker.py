import torch
import torch.nn as nn

torch.manual_seed(439)
X = torch.randn(5000, 10)
w = torch.randn(10)
quality = torch.tanh(X @ w) + 0.5 * X[:, 0] * X[:, 1]
scorer = nn.Sequential(nn.Linear(10, 48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.Adagrad(scorer.parameters(), lr=0.05)
for step in range(1500):
    i, j = torch.randint(0, 4000, (64,)), torch.randint(0, 4000, (64,))
    sign = torch.sign(quality[i] - quality[j] + 0.2 * torch.randn(64))
    margin = sign * (scorer(X[i]) - scorer(X[j])).squeeze(1)
    loss = nn.functional.softplus(-margin).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
i, j = torch.randint(4000, 5000, (3000,)), torch.randint(4000, 5000, (3000,))
with torch.no_grad():
    ok = ((scorer(X[i]) > scorer(X[j])).squeeze(1) == (quality[i] > quality[j])).float().mean()
print('pairs in right order', round(ok.item(), 4))
