import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(8)
n_users, n_items, k = 600, 300, 5
U = rng.normal(size=(n_users, k)); V = rng.normal(size=(n_items, k))
pop = rng.normal(size=n_items) * 0.7 - 1.5
logit = 1.2 * U @ V.T + pop
clicks = rng.random((n_users, n_items)) < 1 / (1 + np.exp(-logit))
uu, ii = np.meshgrid(np.arange(n_users), np.arange(n_items), indexing='ij')
seen = rng.random((n_users, n_items)) < 0.35
test = ~seen & (rng.random((n_users, n_items)) < 0.1)
tr = torch.tensor(np.stack([uu[seen], ii[seen], clicks[seen]], 1))
te = torch.tensor(np.stack([uu[test], ii[test], clicks[test]], 1))

class MF(nn.Module):
    def __init__(self, nu, ni, dim=8):
        super().__init__()
        self.user = nn.Embedding(nu, dim)
        self.item = nn.Embedding(ni, dim)
        self.bias = nn.Embedding(ni, 1)
        nn.init.normal_(self.user.weight, std=0.3)
        nn.init.normal_(self.item.weight, std=0.3)
        nn.init.zeros_(self.bias.weight)

    def forward(self, u, i):
        score = (self.user(u) * self.item(i)).sum(-1) + self.bias(i).squeeze(-1)
        return torch.sigmoid(score)

torch.manual_seed(0)
model = MF(n_users, n_items)
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-6)
bce = nn.BCEWithLogitsLoss()
for step in range(2500):
    b = tr[torch.randint(0, len(tr), (512,))]
    loss = bce(model(b[:, 0], b[:, 1]), b[:, 2].float())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, f'{loss.item():.4f}')
with torch.no_grad():
    s = model(te[:, 0], te[:, 1])
    c = te[:, 2].bool()
    auc = (s[c][:3000, None] > s[~c][None, :3000]).float().mean()
    print('test bce', bce(s, te[:, 2].float()).item(), 'auc', auc.item())
