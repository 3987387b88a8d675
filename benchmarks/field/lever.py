import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(83)
D = load_digits()
X = torch.tensor(D.data / 16).float(); X = (X - X.mean()) / X.std()
cls = torch.tensor(D.target); par = (cls % 2).float()
bright = torch.tensor(D.data.sum(1)).float(); bright = (bright - bright.mean()) / bright.std()
p = torch.randperm(1797); X, cls, par, bright = X[p], cls[p], par[p], bright[p]
class Multi(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 64), nn.ReLU())
        self.heads = nn.ModuleDict({'cls': nn.Linear(64, 10), 'par': nn.Linear(64, 1), 'br': nn.Linear(64, 1)})
    def forward(self, x):
        h = self.shared(x)
        return {k: m(h) for k, m in self.heads.items()}
def losses(o, s):
    return {'cls': nn.functional.cross_entropy(o['cls'], cls[s]), 'par': nn.functional.binary_cross_entropy_with_logits(o['par'][:, 0], par[s]), 'br': nn.functional.mse_loss(o['br'][:, 0], bright[s])}
net = Multi()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1200):
    b = torch.randint(0, 1440, (64,))
    loss = sum(losses(net(X[b]), b).values())
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            s = slice(1440, 1797)
            print(step + 1, 'train', loss.item(), 'test', {k: round(v.item(), 4) for k, v in losses(net(X[s]), s).items()})
