import torch
import torch.nn as nn

torch.manual_seed(181)


def mean_return(x):
    return torch.sin(x[:, 0]) + 0.5 * x[:, 1] * x[:, 2]


def outcome(x):
    return mean_return(x) + 2.0 * torch.randn(len(x))


class ValueNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 1)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x).squeeze(1)


v = ValueNet()
opt = torch.optim.Adam(v.parameters(), lr=2e-3)
xt = torch.randn(2000, 4)
for step in range(2500):
    x = torch.randn(2, 4)
    loss = (v(x) - outcome(x)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        with torch.no_grad():
            e = (v(xt) - mean_return(xt)).pow(2).mean().item()
        print(f'step {step} loss {loss.item():.3f} error to mean {e:.4f}')
with torch.no_grad():
    print(f'final error to mean {(v(xt) - mean_return(xt)).pow(2).mean().item():.4f}')
