"""A sequence of 25 noise symbols; say which of four marks stood in front."""
import torch
import torch.nn as nn


class Cell(nn.Module):
    def __init__(self, n_in, n_hid):
        super().__init__()
        self.inp = nn.Linear(n_in, n_hid)
        self.rec = nn.Linear(n_hid, n_hid, bias=False)
        nn.init.normal_(self.inp.weight, std=0.5)
        nn.init.uniform_(self.rec.weight, -0.05, 0.05)

    def forward(self, seq):
        h = torch.zeros(seq.shape[0], self.rec.in_features)
        drive = self.inp(seq)
        for t in range(seq.shape[1]):
            h = torch.tanh(drive[:, t] + self.rec(h))
        return h


def batch(n, length=25):
    mark = torch.randint(0, 4, (n,))
    x = torch.zeros(n, length, 6)
    x[torch.arange(n), 0, mark] = 1.0
    x[:, 1:, 4:] = 0.05 * torch.randn(n, length - 1, 2)
    return x, mark


torch.manual_seed(31)
cell, read = Cell(6, 48), nn.Linear(48, 4)
params = list(cell.parameters()) + list(read.parameters())
opt = torch.optim.Adam(params, lr=1e-3)
for step in range(1500):
    x, m = batch(64)
    loss = nn.functional.cross_entropy(read(cell(x)), m)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(params, 1.0)
    opt.step()
    if step % 150 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    x, m = batch(1000)
    o = read(cell(x))
    print(f"test loss {nn.functional.cross_entropy(o, m).item():.4f} accuracy {(o.argmax(1) == m).float().mean().item():.3f}")
