import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR, update_bn
from torch.utils.data import DataLoader
from sklearn.datasets import load_digits
torch.manual_seed(125)
X = torch.tensor(load_digits().data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
X = X[torch.randperm(len(X))]
tr, te = X[:1500], X[1500:]


class DAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Sequential(nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 16))
        self.d = nn.Sequential(nn.Linear(16, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        if self.training:
            x = x + 0.3 * torch.randn_like(x)
        return self.d(self.e(x))


net, dl = DAE(), DataLoader(tr, batch_size=50, shuffle=True)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
swa, sw = AveragedModel(net), SWALR(opt, swa_lr=1e-3)
for ep in range(50):
    net.train()
    for xb in dl:
        loss = (net(xb) - xb).pow(2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
    if ep >= 30:
        swa.update_parameters(net); sw.step()
update_bn(dl, swa)
swa.eval()
with torch.no_grad():
    print('train batch mse', loss.item(), 'eval mse', (swa(tr) - tr).pow(2).mean().item(), 'test mse', (swa(te) - te).pow(2).mean().item())
