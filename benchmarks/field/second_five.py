import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(40)
data = load_digits()
X = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(data.target)
low, high = y < 5, y >= 5
Xs, ys = X[low], y[low]
Xt, yt = X[high], y[high] - 5
Xt, yt, Xh, yh = Xt[:600], yt[:600], Xt[600:], yt[600:]


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.b1 = nn.BatchNorm2d(16)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1, bias=False)
        self.b2 = nn.BatchNorm2d(32)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.b1(self.c1(x))), 2)
        return F.relu(self.b2(self.c2(x))).flatten(1)


backbone = Backbone()
head = nn.Linear(32 * 16, 5)
opt = torch.optim.Adam(list(backbone.parameters()) + list(head.parameters()), lr=1e-3)
for step in range(250):
    i = torch.randint(0, len(Xs), (32,))
    loss = F.cross_entropy(head(backbone(Xs[i])), ys[i])
    opt.zero_grad(); loss.backward(); opt.step()
print("source task done, loss", loss.item())

# transfer: keep the features, train a fresh head on the other five digits
for p in backbone.parameters():
    p.requires_grad_(False)
backbone.eval()
new_head = nn.Sequential(nn.Linear(32 * 16, 32), nn.ReLU(), nn.Linear(32, 5))
opt = torch.optim.AdamW(new_head.parameters(), lr=5e-4)
for step in range(400):
    i = torch.randint(0, len(Xt), (32,))
    loss = F.cross_entropy(new_head(backbone(Xt[i])), yt[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 80 == 0:
        print("transfer", step, loss.item())
with torch.no_grad():
    out = new_head(backbone(Xh))
print("held out loss", F.cross_entropy(out, yh).item(), "acc", (out.argmax(1) == yh).float().mean().item())
