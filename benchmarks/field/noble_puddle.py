import torch
from torch import nn

T, K = 40, 6


class Recall(nn.Module):
    def __init__(self, hid=64):
        super().__init__()
        self.wx = nn.Linear(K + 1, hid)
        self.wh = nn.Linear(hid, hid, bias=False)
        self.out = nn.Linear(hid, K)
        nn.init.normal_(self.wh.weight, std=0.05)

    def forward(self, s):
        h = s.new_zeros(s.size(0), self.wh.in_features)
        for t in range(s.size(1)):
            h = torch.tanh(self.wx(s[:, t]) + self.wh(h))
        return self.out(h)


def batch(n):
    first = torch.randint(0, K, (n,))
    seq = torch.zeros(n, T, K + 1)
    seq[torch.arange(n), 0, first] = 1.0
    seq[:, 1:, K] = 0.1 * torch.randn(n, T - 1)
    return seq, first


torch.manual_seed(23)
model = Recall()
opt = torch.optim.Adam(model.parameters(), lr=5e-4)
ema = None
for step in range(500):
    s, f = batch(64)
    loss = nn.functional.cross_entropy(model(s), f)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    ema = loss.item() if ema is None else 0.9 * ema + 0.1 * loss.item()
    if step % 50 == 0:
        print("step", step, "loss %.4f" % ema)
with torch.no_grad():
    s, f = batch(1000)
    print("recall accuracy %.4f" % (model(s).argmax(1) == f).float().mean().item())
