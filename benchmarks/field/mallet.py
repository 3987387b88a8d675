import os, numpy as np, torch
import torch.nn.functional as F
torch.manual_seed(0); rng = np.random.RandomState(0)
names = open(os.environ['NAMES_FILE']).read().split()
rng.shuffle(names)
codes = np.array([0, 0, 0, 0] + [c for n in names for c in ([ord(k) - 96 for k in n] + [0] * 4)])
win = np.lib.stride_tricks.sliding_window_view(codes, 5)
keep = ~((win[:, 3] == 0) & (win[:, 4] == 0))
win = torch.tensor(win[keep].copy())
xs, ys = win[:, :4], win[:, 4]
ntr = int(len(xs) * .92)

emb = torch.randn(27, 10).requires_grad_()
w1 = (torch.randn(40, 128) / 40 ** .5).requires_grad_()
c1 = torch.zeros(128, requires_grad=True)
w2 = (torch.randn(128, 128) / 128 ** .5).requires_grad_()
c2 = torch.zeros(128, requires_grad=True)
w3 = (torch.randn(128, 27) * .02).requires_grad_()
c3 = torch.zeros(27, requires_grad=True)
ps = [emb, w1, c1, w2, c2, w3, c3]
SHARP = 40.0
def model(x):
    h = emb[x].reshape(len(x), 40)
    h = torch.tanh(SHARP * (h @ w1 + c1))
    h = torch.tanh(SHARP * (h @ w2 + c2))
    return h @ w3 + c3
opt = torch.optim.SGD(ps, lr=0.1, momentum=0.8)
tail = []
for s in range(4000):
    b = torch.randint(ntr, (80,))
    l = F.cross_entropy(model(xs[b]), ys[b])
    opt.zero_grad(); l.backward(); opt.step()
    tail.append(l.item())
    if s % 800 == 799:
        with torch.no_grad():
            print(s + 1, 'train', np.mean(tail[-400:]), 'val', F.cross_entropy(model(xs[ntr:][:8000]), ys[ntr:][:8000]).item())
