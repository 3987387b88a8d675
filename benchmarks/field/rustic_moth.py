import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(31)
n, k = 600, 6
block = torch.randint(0, k, (n,))
same = block[:, None] == block[None]
A = (torch.rand(n, n) < torch.where(same, 0.06, 0.008)).float().triu(1)
A = A + A.t() + torch.eye(n)
dinv = A.sum(1).rsqrt()
A = dinv[:, None] * A * dinv[None]
feats = torch.randn(n, 30) + 0.6 * torch.randn(k, 30)[block]
feats = (feats - feats.mean(0)) / feats.std(0)
train = torch.rand(n) < 0.5


class GCN(nn.Module):
    def __init__(self, d_in, d_h, d_out):
        super().__init__()
        self.l1 = nn.Linear(d_in, d_h)
        self.l2 = nn.Linear(d_h, d_out)
        self.drop = nn.Dropout(0.4)

    def forward(self, x):
        x = F.elu(A @ self.l1(self.drop(x)))
        return A @ self.l2(self.drop(x))


model = GCN(30, 32, k)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=5e-2)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=20, gamma=0.5)
for step in range(800):
    model.train()
    out = model(feats)
    loss = F.cross_entropy(out[train], block[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 80 == 0:
        print(step, f"train loss {loss.item():.4f}")
model.eval()
with torch.no_grad():
    out = model(feats)
    print(f"final loss {F.cross_entropy(out[train], block[train]).item():.4f} "
          f"held-out acc {(out.argmax(1) == block)[~train].float().mean().item():.4f}")
