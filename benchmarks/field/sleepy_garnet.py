import torch
import torch.nn as nn

torch.manual_seed(45)
T = 24


def adding(n):
    v = torch.rand(n, T)
    m = torch.zeros(n, T)
    a = torch.randint(0, T // 2, (n,))
    b = torch.randint(T // 2, T, (n,))
    m[torch.arange(n), a] = 1
    m[torch.arange(n), b] = 1
    return torch.stack([v - 0.5, m], -1), (v * m).sum(1) - 1.0


class ReluRNN(nn.Module):
    def __init__(self, h=64, rho=1.3):
        super().__init__()
        self.wi = nn.Linear(2, h)
        self.wh = nn.Linear(h, h, bias=False)
        self.wo = nn.Linear(h, 1)
        with torch.no_grad():
            self.wh.weight.copy_(rho * torch.eye(h))
            self.wi.weight.mul_(0.3)
            self.wo.weight.mul_(0.3)

    def forward(self, x):
        h = torch.zeros(x.size(0), self.wh.in_features)
        for t in range(x.size(1)):
            h = torch.relu(self.wi(x[:, t]) + self.wh(h))
        return self.wo(h).squeeze(-1)


model = ReluRNN()
optimizer = torch.optim.RMSprop(model.parameters(), lr=5e-4)
test_x, test_y = adding(2000)
for step in range(1800):
    x, y = adding(64)
    loss = ((model(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(f"step {step} mse {loss.item():.4g}")
with torch.no_grad():
    print(f"final {loss.item():.5g} test {((model(test_x) - test_y) ** 2).mean().item():.5g}")
