import torch
from torch import nn

torch.manual_seed(55)
n_users, n_items, k_true = 300, 200, 4
U = torch.randn(n_users, k_true) * 0.7
M = torch.randn(n_items, k_true) * 0.7
u = torch.randint(0, n_users, (24000,))
m = torch.randint(0, n_items, (24000,))
rating = (3.5 + (U[u] * M[m]).sum(1) + 0.3 * torch.randn(24000)).clamp(1, 5)
cut = 20000


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_items, dim=8):
        super().__init__()
        self.user_emb = nn.Embedding(n_users, dim)
        self.item_emb = nn.Embedding(n_items, dim)
        self.user_bias = nn.Embedding(n_users, 1)
        self.item_bias = nn.Embedding(n_items, 1)
        nn.init.normal_(self.user_emb.weight, std=0.3)
        nn.init.normal_(self.item_emb.weight, std=0.3)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.item_bias.weight)
        self.register_buffer("mean", rating[:cut].mean())

    def forward(self, u, m):
        dot = (self.user_emb(u) * self.item_emb(m)).sum(1)
        return self.mean + dot + self.user_bias(u).squeeze(1) + self.item_bias(m).squeeze(1)


mf = MatrixFactorization(n_users, n_items)
opt = torch.optim.Adam(mf.parameters(), lr=0.01, weight_decay=1e-4)
crit = nn.MSELoss()
for epoch in range(8):
    perm = torch.randperm(cut)
    running = 0
    for i in range(0, cut, 200):
        j = perm[i:i + 200]
        loss = crit(mf(u[j], m[j]), rating[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item()
    print("epoch", epoch, "train mse", running / (cut // 200))
with torch.no_grad():
    test = crit(mf(u[cut:], m[cut:]), rating[cut:])
    print("test mse", test.item(), "variance", rating[cut:].var().item())
