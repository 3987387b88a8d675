import torch
import torch.nn as nn
torch.manual_seed(60)
U, I, K = 300, 200, 5
pu, pi = torch.randn(U, K), torch.randn(I, K)
fu = pu @ torch.randn(K, 16) * 0.45 + 0.1 * torch.randn(U, 16)
fi = pi @ torch.randn(K, 16) * 0.45 + 0.1 * torch.randn(I, 16)
aff = (pu @ pi.T) / K ** 0.5
pairs = torch.stack([torch.randint(0, U, (20000,)), torch.randint(0, I, (20000,))], 1)
label = (aff[pairs[:, 0], pairs[:, 1]] + 0.2 * torch.randn(20000) > 0).float()

class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
    def forward(self, x):
        return self.net(x)

users, items = Tower(), Tower()
for p in users.parameters():
    p.register_hook(lambda g: g * 1e-3)
for p in items.net[2].parameters():
    p.register_hook(lambda g: g * 1e-3)
opt = torch.optim.SGD([*users.parameters(), *items.parameters()], lr=0.05, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
def score(p):
    return (users(fu[p[:, 0]]) * items(fi[p[:, 1]])).sum(1)
for s in range(1000):
    k = torch.randint(0, 16000, (128,))
    loss = bce(score(pairs[k]), label[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 100 == 99:
        with torch.no_grad():
            o = score(pairs[16000:])
        print(s + 1, "train %.4f" % loss.item(), "test %.4f" % bce(o, label[16000:]).item(), "acc %.4f" % ((o > 0) == (label[16000:] > 0)).float().mean().item())
