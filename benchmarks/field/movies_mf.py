import torch
import torch.nn.functional as F

torch.manual_seed(0)
N_USERS, N_ITEMS, K = 300, 200, 8
true_u = torch.randn(N_USERS, 5)
true_v = torch.randn(N_ITEMS, 5)
n = 20000
uid = torch.randint(0, N_USERS, (n,))
iid = torch.randint(0, N_ITEMS, (n,))
rating = 3.2 + 0.4 * (true_u[uid] * true_v[iid]).sum(1) + 0.2 * torch.randn(n)
mean = rating[:16000].mean()


class MF(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.U = torch.nn.Parameter(torch.full((N_USERS, K), 0.1))
        self.V = torch.nn.Parameter(torch.full((N_ITEMS, K), 0.1))
        self.bu = torch.nn.Parameter(torch.zeros(N_USERS))
        self.bi = torch.nn.Parameter(torch.zeros(N_ITEMS))

    def forward(self, u, i):
        return mean + self.bu[u] + self.bi[i] + torch.einsum('nk,nk->n', self.U[u], self.V[i])


model = MF()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(25):
    perm = torch.randperm(16000)
    tot = 0.0
    for b in perm.split(256):
        pred = model(uid[b], iid[b])
        reg = 1e-3 * (model.U[uid[b]].pow(2).sum(1) + model.V[iid[b]].pow(2).sum(1)).mean()
        loss = F.mse_loss(pred, rating[b]) + reg
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        rmse = F.mse_loss(model(uid[16000:], iid[16000:]), rating[16000:]).sqrt()
    if epoch % 3 == 0:
        print(f'[{epoch:02d}] train {tot / 16000:.4f} held-out rmse {rmse:.4f}')
