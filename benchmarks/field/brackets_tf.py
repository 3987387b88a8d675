import torch
from torch import nn

torch.manual_seed(72)
L = 16


def depth_class(x):
    s = torch.where(x == 1, 1, -1).cumsum(1)
    return (s[:, -1] > 0).long() + (s.amax(1) > 4).long()


def get(n):
    x = torch.randint(0, 2, (n, L))
    return x, depth_class(x)


class Encoder(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(2, d)
        self.pos = nn.Parameter(torch.randn(L, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(d), enable_nested_tensor=False)
        self.cls = nn.Linear(d, 3)

    def forward(self, x):
        return self.cls(self.enc(self.tok(x) + self.pos).mean(1))


model = Encoder()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / 60) * max(0.05, 1 - s / 800))
ce = nn.CrossEntropyLoss()
xv, yv = get(1000)
for step in range(800):
    x, y = get(48)
    loss = ce(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 80 == 79:
        with torch.no_grad():
            o = model(xv)
        print(f'{step + 1} loss {loss.item():.4f} val {ce(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.3f}')
