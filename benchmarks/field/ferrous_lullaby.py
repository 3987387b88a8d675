import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(29)
rs = np.random.RandomState(29)
base = rs.randn(3000, 4) @ rs.randn(4, 16) + 0.1 * rs.randn(3000, 16)
x = torch.tensor(base / base.std()).float()
missing = torch.tensor(rs.rand(3000, 16) < 0.2)
net = nn.Sequential(nn.Linear(16, 48), nn.GELU(), nn.Linear(48, 16))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for it in range(1200):
    i = torch.randint(0, 3000, (32,))
    hide = missing[i].float()
    out = net(x[i] * (1 - hide))
    # mean error over the hidden entries of each row
    per_row = ((out - x[i]) ** 2 * hide).sum(1) / hide.sum(1)
    loss = per_row.mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 120 == 0 or it == 1199:
        print("iter", it, "loss", loss.item())
