import torch
from torch import nn

torch.manual_seed(23)
D, F_TRUE, HID = 32, 64, 128
dirs = nn.functional.normalize(torch.randn(F_TRUE, D), dim=1)


def acts(n):
    on = (torch.rand(n, F_TRUE) < 0.05).float()
    return (on * (0.5 + torch.rand(n, F_TRUE))) @ dirs


class SAE(nn.Module):
    def __init__(self):
        super().__init__()
        w = nn.functional.normalize(torch.randn(HID, D), dim=1)
        self.enc = nn.Parameter(w.t().clone())
        self.dec = nn.Parameter(w.clone())
        self.b_enc = nn.Parameter(torch.full((HID,), -2.5))
        self.b_dec = nn.Parameter(torch.zeros(D))

    def forward(self, x):
        f = torch.relu((x - self.b_dec) @ self.enc + self.b_enc)
        return f @ self.dec + self.b_dec, f


sae = SAE()
opt = torch.optim.Adam(sae.parameters(), lr=1e-3)
heldout = acts(1000)
scale = heldout.pow(2).sum(1).mean()
for step in range(2500):
    x = acts(128)
    rec, f = sae(x)
    mse = (rec - x).pow(2).sum(1).mean()
    loss = mse + 0.03 * f.abs().sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 249:
        with torch.no_grad():
            r, _ = sae(heldout)
            fvu = (r - heldout).pow(2).sum(1).mean() / scale
        print(f'{step + 1:5d}: loss {loss.item():.4f} mse {mse.item():.4f} unexplained {fvu.item():.4f}')
