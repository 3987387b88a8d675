import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(101)
U, V = 400, 250
pu, pv = torch.randn(U, 3), torch.randn(V, 3)
full = (pu @ pv.T) * 0.6 + torch.randn(U, 1) * 0.4 + torch.randn(1, V) * 0.4 + 0.4 * torch.randn(U, V)
obs = torch.nonzero(torch.rand(U, V) < 0.3)
obs = obs[torch.randperm(len(obs))]
cut = int(0.9 * len(obs))
tr, te = obs[:cut], obs[cut:]
rating = lambda ij: full[ij[:, 0], ij[:, 1]]


class MF(nn.Module):
    def __init__(self, k=5):
        super().__init__()
        self.p = nn.Parameter(torch.randn(U, k) * 0.1)
        self.q = nn.Parameter(torch.randn(V, k) * 0.1)
        self.bp = nn.Parameter(torch.zeros(U))
        self.bq = nn.Parameter(torch.zeros(V))

    def forward(self, ij):
        u, v = ij.T
        return (self.p[u] * self.q[v]).sum(1) + self.bp[u] + self.bq[v]


model = MF()
opt = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-4)
chunk = len(tr)
for sweep in range(1, 25):
    s = 0.0
    for b in torch.randperm(len(tr)).split(chunk):
        loss = nn.functional.mse_loss(model(tr[b]), rating(tr[b]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(b)
    if sweep % 3 == 0:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(te), rating(te)).item()
        print(f'sweep {sweep:2d} mse {s / len(tr):.4f} unseen {v:.4f}')
