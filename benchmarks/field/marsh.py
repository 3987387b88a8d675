import torch
from torch import nn
torch.manual_seed(18)
X = torch.randn(3000, 30)
s = X[:, 0] + X[:, 1] - X[:, 2] + 0.8 * X[:, 3] * X[:, 4]
y = (s + 0.7 * torch.randn(3000) > 0).float()
ntr = 1000
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(30, 128), nn.ReLU(), nn.Dropout(0.6), nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.6), nn.Linear(64, 1))
    def forward(self, x):
        return self.net(x).squeeze(-1)
model = Net()
bce = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)
def val():
    model.eval()
    with torch.no_grad():
        o = model(X)
    return bce(o[:ntr], y[:ntr]).item(), bce(o[ntr:], y[ntr:]).item(), ((o[ntr:] > 0).float() == y[ntr:]).float().mean().item()
model.train()
for step in range(500):
    i = torch.randint(0, ntr, (70,))
    loss = bce(model(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 50 == 0:
        print(step, 'train %.4f held-out %.4f acc %.4f' % val())
        
print('final train %.4f held-out %.4f acc %.4f' % val())
