import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(37)
S, D = 8, 6
def get(n):
    x = torch.randn(n, S, D)
    y = (x[:, :4].amax(1) - x[:, 4:].amax(1)).mean(1)
    return x, 3 * y
class Mix(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Sequential(nn.Linear(S, 32), nn.ReLU(), nn.Linear(32, S))
        self.ch = nn.Sequential(nn.Linear(D, 32), nn.ReLU(), nn.Linear(32, D))
        self.out = nn.Sequential(nn.Linear(S * D, 48), nn.ReLU(), nn.Linear(48, 1))
    def forward(self, x):
        x = x + self.tok(x.transpose(1, 2)).transpose(1, 2)
        x = x + self.ch(x)
        return self.out(x.flatten(1))[:, 0]
X, Y = get(3000)
V, U = get(800)
net = Mix()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for it in range(1200):
    for g in opt.param_groups:
        g["lr"] = 0.5 if it < 12 else 2e-3
    i = torch.randint(0, 3000, (64,))
    l = (net(X[i]) - Y[i]).abs().mean()
    opt.zero_grad(); l.backward(); opt.step()
    if it % 200 == 0: print(it, l.item())
with torch.no_grad():
    print("train", (net(X) - Y).abs().mean().item(), "test", (net(V) - U).abs().mean().item())
