import torch
import torch.nn as nn
import torch.nn.functional as F


class ScaledLinear(nn.Module):
    """Linear layer with a fixed output gain; the weight is drawn so that the output has unit variance."""

    def __init__(self, n_in, n_out, gain=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in) * (2.0 / n_in) ** 0.5 / gain)
        self.bias = nn.Parameter(torch.zeros(n_out))
        self.gain = gain

    def forward(self, x):
        return F.linear(x, self.weight) * self.gain + self.bias


def target(x):
    return torch.sin(3 * x[:, :1]) * x[:, 1:2] + torch.cos(2 * x[:, 2:3] + x[:, 3:4])


def main():
    torch.manual_seed(21)
    gains = (1.0, 0.001, 0.001, 1.0)
    sizes = (4, 64, 64, 64, 1)
    layers = [ScaledLinear(sizes[i], sizes[i + 1], gains[i]) for i in range(4)]
    model = nn.ModuleList(layers)

    def run(x):
        for layer in layers[:-1]:
            x = F.relu(layer(x))
        return layers[-1](x)

    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 2500)
    xt = torch.rand(1000, 4) * 4 - 2
    for step in range(2500):
        x = torch.rand(128, 4) * 4 - 2
        loss = F.mse_loss(run(x), target(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if step % 250 == 0:
            print(f"{step:5d}  mse {loss.item():.4f}")
    with torch.no_grad():
        print(f"fresh points: mse {F.mse_loss(run(xt), target(xt)).item():.4f}")


if __name__ == "__main__":
    main()
