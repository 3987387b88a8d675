import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(8)


class NamesData:
    def __init__(self, path, maxlen=10):
        ws = [w.strip() for w in open(path) if len(w.strip()) <= maxlen]
        g = torch.Generator().manual_seed(0)
        ws = [ws[i] for i in torch.randperm(len(ws), generator=g)]
        buf = torch.zeros(len(ws), maxlen + 2, dtype=torch.long)
        mask = torch.zeros(len(ws), maxlen + 1)
        for i, w in enumerate(ws):
            for j, c in enumerate(w):
                buf[i, j + 1] = ord(c) - 96
            mask[i, :len(w) + 1] = 1
        self.x, self.y, self.m = buf[:, :-1], buf[:, 1:], mask

    def sample(self, n, lo, hi):
        i = torch.randint(lo, hi, (n,))
        return self.x[i], self.y[i], self.m[i]


data = NamesData('data/names.txt')
N = len(data.x)
emb, gru, out = nn.Embedding(27, 24), nn.GRU(24, 72, batch_first=True), nn.Linear(72, 27)
params = [*emb.parameters(), *gru.parameters(), *out.parameters()]
STEPS = 1200
opt = torch.optim.AdamW(params, lr=1e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=6e-5, total_steps=STEPS)


def masked_nll(x, y, m):
    lp = torch.log_softmax(out(gru(emb(x))[0]), -1)
    return -(lp.gather(2, y[..., None])[..., 0] * m).sum() / m.sum()


for s in range(STEPS):
    loss = masked_nll(*data.sample(50, 0, N - 2000))
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if (s + 1) % 120 == 0:
        with torch.no_grad():
            h = masked_nll(data.x[-2000:], data.y[-2000:], data.m[-2000:])
        print(f'{s + 1:>5} loss={loss.item():.3f} heldout={h.item():.3f}')
