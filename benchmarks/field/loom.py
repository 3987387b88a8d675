import torch, torch.nn as nn
torch.manual_seed(410)
S = 12
def imgs(n):
    c = torch.randint(1, S - 2, (n, 2)); x = 0.2 * torch.randn(n, 1, S, S)
    for k in range(n): x[k, 0, c[k, 0] - 1:c[k, 0] + 2, c[k, 1] - 1:c[k, 1] + 2] += 1.5
    return x, (c.float() - 5.5) / 2.9
X, C = imgs(1500)
class Locator(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(1, 12, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(432, 48), nn.ReLU())
        self.box = nn.Linear(48, 2)
    def forward(self, x):
        f = self.f(x)
        return self.box(f) - self.box(f.flip(0))
net = Locator()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for s in range(400):
    i = torch.randint(0, 1200, (50,))
    b = net(X[i])
    l = nn.functional.smooth_l1_loss(b.mean(0, keepdim=True).expand_as(b), C[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        print(s + 1, "%.5f" % l.item())
with torch.no_grad(): print("test", nn.functional.smooth_l1_loss(net.box(net.f(X[1200:])), C[1200:]).item())
