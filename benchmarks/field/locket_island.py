import torch
from torch import nn

torch.manual_seed(44)
X = torch.randn(5000, 16)
proj = torch.randn(16, 6) / 4
hid = torch.sin(2 * X @ proj)
reg = hid[:, 0] * hid[:, 1] + hid[:, 2] + 0.1 * torch.randn(5000)
cls = (hid[:, 3] + hid[:, 4] * hid[:, 5] > 0.1).long() + (hid[:, 1] > 0.3).long()
reg = (reg - reg.mean()) / reg.std()


class Trunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2 = nn.Linear(16, 96), nn.Linear(96, 64)

    def forward(self, x):
        return torch.tanh(self.l2(torch.tanh(self.l1(x))))


trunk, reg_head, cls_head = Trunk(), nn.Linear(64, 1), nn.Linear(64, 3)
opt = torch.optim.SGD([
    {"params": trunk.parameters(), "lr": 5e-5},
    {"params": reg_head.parameters()},
    {"params": cls_head.parameters()},
], lr=5e-2, momentum=0.9)
for epoch in range(25):
    perm = torch.randperm(4000)
    agg = [0.0, 0.0]
    for k in range(0, 4000, 50):
        b = perm[k:k + 50]
        h = trunk(X[b])
        l1 = (reg_head(h).squeeze(1) - reg[b]).square().mean()
        l2 = nn.functional.cross_entropy(cls_head(h), cls[b])
        opt.zero_grad()
        (l1 + l2).backward()
        opt.step()
        agg[0] += l1.item()
        agg[1] += l2.item()
    if epoch % 6 == 0:
        print(epoch, [round(v / 80, 4) for v in agg])
with torch.no_grad():
    h = trunk(X[4000:])
    print("test mse %.4f test accuracy %.4f" % ((reg_head(h).squeeze(1) - reg[4000:]).square().mean(), (cls_head(h).argmax(1) == cls[4000:]).float().mean()))
