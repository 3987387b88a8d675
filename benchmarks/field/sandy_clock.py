import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
torch.manual_seed(3)
X, y = make_friedman1(5000, 10, noise=0.5, random_state=21)
X = torch.tensor((X - 0.5) * 3.46).float()
y = torch.tensor((y - y.mean()) / y.std()).float()


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.W = nn.ParameterList([nn.Parameter(torch.randn(a, b)) for a, b in zip(sizes, sizes[1:])])
        self.B = nn.ParameterList([nn.Parameter(torch.zeros(b)) for b in sizes[1:]])

    def forward(self, x):
        for k, (w, b) in enumerate(zip(self.W, self.B)):
            x = x @ w + b
            if k + 1 < len(self.W):
                x = x.clamp(min=0)
        return x[:, 0]


net = Net([10, 64, 64, 1])
adam = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(30):
    tot = []
    for b in torch.randperm(4000).split(50):
        err = net(X[b]) - y[b]
        loss = err.pow(2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        tot.append(loss.item())
    if epoch % 3 == 2:
        with torch.no_grad():
            v = (net(X[4000:]) - y[4000:]).pow(2).mean().item()
        print(f'epoch {epoch + 1} train {sum(tot) / len(tot):.4f} valid {v:.4f}')
