import torch
import torch.nn as nn

torch.manual_seed(18)


def episodes(n, length=20):
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
        nn.init.orthogonal_(self.wh.weight, gain=0.25)

    def forward(self, seq):
        h = torch.zeros(seq.size(0), self.n_hid)
        for t in range(seq.size(1)):
            h = torch.tanh(self.wx(seq[:, t]) + self.wh(h))
        return self.wo(h)


rnn = VanillaRNN()
opt = torch.optim.Adam(rnn.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
running = None
for i in range(700):
    seq, ans = episodes(32)
    loss = loss_fn(rnn(seq), ans)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(rnn.parameters(), 5.0)
    opt.step()
    running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
    if i % 100 == 0:
        print("iteration", i, "loss", loss.item(), "smoothed", running)
seq, ans = episodes(1000)
with torch.no_grad():
    print("accuracy", (rnn(seq).argmax(1) == ans).float().mean().item(), "smoothed", running)
