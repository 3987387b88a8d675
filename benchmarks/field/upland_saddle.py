import torch

torch.manual_seed(31)
n_user, n_item, rank = 300, 200, 5
U0, V0 = torch.randn(n_user, rank), torch.randn(n_item, rank)
bu0 = 0.5 * torch.randn(n_user)
pairs = torch.stack([torch.randint(0, n_user, (14000,)), torch.randint(0, n_item, (14000,))], 1)
ratings = 3 + bu0[pairs[:, 0]] + (U0[pairs[:, 0]] * V0[pairs[:, 1]]).sum(1) / rank ** 0.5 + 0.2 * torch.randn(14000)
tr, te = slice(0, 12000), slice(12000, None)


class MF(torch.nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.u = torch.nn.Embedding(n_user, k)
        self.v = torch.nn.Embedding(n_item, k)
        self.bu = torch.nn.Embedding(n_user, 1)
        self.bv = torch.nn.Embedding(n_item, 1)
        for e, s in ((self.u, 0.3), (self.v, 0.3), (self.bu, 0.0), (self.bv, 0.0)):
            torch.nn.init.normal_(e.weight, 0, s) if s else torch.nn.init.zeros_(e.weight)
        self.c = torch.nn.Parameter(ratings[tr].mean().clone())

    def forward(self, p):
        i, j = p[:, 0], p[:, 1]
        return self.c + (self.bu(i) + self.bv(j)).squeeze(1) + (self.u(i) * self.v(j)).sum(1)


mf = MF()
opt = torch.optim.SGD(mf.parameters(), lr=1e-3, momentum=0.9)
for epoch in range(1, 41):
    total = 0.0
    for chunk in torch.randperm(12000).split(200):
        opt.zero_grad()
        err = (mf(pairs[chunk]) - ratings[chunk]).pow(2).mean()
        err.backward()
        opt.step()
        total += err.item()
    if epoch % 8 == 0:
        with torch.no_grad():
            rmse = (mf(pairs[te]) - ratings[te]).pow(2).mean().sqrt()
        print(f"epoch {epoch:2d} train mse {total / 60:.4f} test rmse {rmse:.4f}")
