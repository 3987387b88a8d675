import math
import torch
from torch import nn, Tensor


def arm(theta: Tensor) -> Tensor:
    lens = [1.0, 0.8, 0.5, 0.3]
    ang = torch.cumsum(theta, 1)
    px = sum(l * torch.cos(ang[:, i]) for i, l in enumerate(lens))
    py = sum(l * torch.sin(ang[:, i]) for i, l in enumerate(lens))
    return torch.stack([px, py], 1)


class KinNet(nn.Module):
    def __init__(self, width: int = 64, depth: int = 7):
        super().__init__()
        dims = [4] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(i, o) for i, o in zip(dims, dims[1:]))
        self.last = nn.Linear(width, 2)
        for m in list(self.hidden):
            nn.init.normal_(m.weight, std=2.2 * math.sqrt(2 / m.in_features))
            nn.init.zeros_(m.bias)

    def forward(self, t: Tensor) -> Tensor:
        for m in self.hidden:
            t = torch.relu(m(t))
        return self.last(t)


torch.manual_seed(11)
model = KinNet()
optim = torch.optim.Adam(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optim, 2000)
test_t = (torch.rand(1000, 4) - 0.5) * 3
for it in range(2000):
    t = (torch.rand(128, 4) - 0.5) * 3
    err = (model(t / 0.87) - arm(t)).pow(2).mean()
    optim.zero_grad(set_to_none=True)
    err.backward()
    optim.step()
    sched.step()
    if it % 250 == 0:
        print(f"{it:5d}  mse {err.item():.5f}")
with torch.no_grad():
    print("final test mse %.5f" % (model(test_t / 0.87) - arm(test_t)).pow(2).mean().item())
