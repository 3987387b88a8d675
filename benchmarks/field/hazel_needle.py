import torch
from torch import nn

torch.manual_seed(91)
n = 30000
X = torch.randn(n, 15)
mean = 0.6 * torch.tanh(X[:, 0] + X[:, 1]) + 0.3 * X[:, 2]
y = mean + 1.5 * torch.distributions.StudentT(5.0).sample((n,))
cut = 24000
model = nn.Sequential(nn.Linear(15, 24), nn.Softplus(), nn.Linear(24, 1), nn.Flatten(0))
opt = torch.optim.RMSprop(model.parameters(), lr=3e-4)
for epoch in range(1, 9):
    for b in torch.randperm(cut).split(100):
        loss = nn.functional.smooth_l1_loss(model(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        p = model(X[cut:])
        corr = torch.corrcoef(torch.stack([p, mean[cut:]]))[0, 1].item()
        print(epoch, "train", round(loss.item(), 4), "held-out", round(nn.functional.smooth_l1_loss(p, y[cut:]).item(), 4), "correlation with the true mean", round(corr, 4))
