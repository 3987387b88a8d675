import numpy as np
import torch
import torch.nn as nn

rs = np.random.RandomState(12)
torch.manual_seed(12)
U, I, K = 300, 200, 4
pu, qi = rs.randn(U, K), rs.randn(I, K)
rows = rs.choice(U * I, 24000, replace=False)
u, i = torch.tensor(rows // I), torch.tensor(rows % I)
r = torch.tensor((pu[rows // I] * qi[rows % I]).sum(1) / 2 + 0.2 * rs.randn(len(rows))).float()
tr, te = slice(0, 20000), slice(20000, None)


class Factors(nn.Module):
    def __init__(self, k=5):
        super().__init__()
        self.user = nn.Embedding(U, k, sparse=True)
        self.item = nn.Embedding(I, k, sparse=True)
        nn.init.normal_(self.user.weight, std=0.3)
        nn.init.normal_(self.item.weight, std=0.3)

    def forward(self, a, b):
        return (self.user(a) * self.item(b)).sum(1)


model = Factors()
opt = torch.optim.SparseAdam(list(model.parameters()), lr=0.01)
for epoch in range(16):
    tot = []
    for b in torch.randperm(20000).split(256):
        loss = (model(u[tr][b], i[tr][b]) - r[tr][b]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot.append(loss.item())
    with torch.no_grad():
        rmse = (model(u[te], i[te]) - r[te]).pow(2).mean().sqrt().item()
    print("epoch", epoch, "train mse %.4f" % np.mean(tot), "test rmse %.4f" % rmse)
