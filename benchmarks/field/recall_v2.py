import torch
import torch.nn as nn

torch.manual_seed(19)


def episodes(n, length=12):
    """remember the first symbol, answer after the noise"""
    first = torch.randint(0, 4, (n,))
    seq = torch.randn(n, length, 4) * 0.3
    seq[:, 0] = nn.functional.one_hot(first, 4).float() * 2
    return seq, first


class VanillaRNN(nn.Module):
    def __init__(self, n_in=4, n_hid=48, n_out=4):
        super().__init__()
        self.n_hid = n_hid
        self.wx = nn.Linear(n_in, n_hid)
        self.wh = nn.Linear(n_hid, n_hid, bias=False)
        self.wo = nn.Linear(n_hid, n_out)
        nn.init.normal_(self.wx.weight, std=2.0)
        nn.init.normal_(self.wh.weight, std=2.0)

    def forward(self, seq):
        h = torch.zeros(seq.size(0), self.n_hid)
        for t in range(seq.size(1)):
            h = torch.tanh(self.wx(seq[:, t]) + self.wh(h))
        return self.wo(h)


net = VanillaRNN()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
running = None
for i in range(700):
    seq, ans = episodes(32)
    loss = loss_fn(net(seq), ans)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    opt.step()
    running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
    if i % 100 == 0:
        print("iteration", i, "loss", loss.item(), "smoothed", running)
seq, ans = episodes(1000)
with torch.no_grad():
    print("accuracy", (net(seq).argmax(1) == ans).float().mean().item(), "smoothed", running)
