import torch
from torch import nn

torch.manual_seed(42)


class Accumulator(nn.Module):
    def __init__(self, hid=40):
        super().__init__()
        self.wx = nn.Parameter(torch.randn(2, hid) * 0.3)
        self.wh = nn.Parameter(torch.eye(hid) + 0.15 * torch.randn(hid, hid))
        self.b = nn.Parameter(torch.zeros(hid))
        self.out = nn.Linear(hid, 1)

    def forward(self, s):
        h = s.new_zeros(s.shape[0], self.wh.shape[0])
        for t in range(s.shape[1]):
            h = torch.relu(s[:, t] @ self.wx + h @ self.wh + self.b)
        return self.out(h).squeeze(-1)


def sample(n, T=30):
    v = torch.rand(n, T)
    gate = (torch.rand(n, T) < 0.15).float()
    return torch.stack([v - 0.5, gate], -1), (v * gate).sum(1) - T * 0.075


net = Accumulator()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for it in range(1200):
    s, t = sample(50)
    loss = nn.functional.mse_loss(net(s), t)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0:
        print("it", it, "loss", f"{loss.item():.4g}")
with torch.no_grad():
    s, t = sample(2000)
    print(f"fresh mse {nn.functional.mse_loss(net(s), t).item():.4g} (variance {t.var().item():.4g})")
