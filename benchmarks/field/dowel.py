import os, random, torch
import torch.nn.functional as F

random.seed(8); torch.manual_seed(8)
ws = open(os.environ['NAMES_FILE']).read().splitlines(); random.shuffle(ws)
def data(w):
    x, y = [], []
    for s in w:
        c = [0, 0, 0]
        for k in s + '`':
            i = ord(k) - 96
            x.append(c); y.append(i)
            c = c[1:] + [i]
    return torch.tensor(x), torch.tensor(y)
xt, yt = data(ws[:28000]); xv, yv = data(ws[28000:30000])
g = torch.Generator().manual_seed(3)
C = torch.randn(27, 12, generator=g)
W1 = torch.randn(36, 128, generator=g) * (5 / 3) / 6
b1 = torch.randn(128, generator=g) * 0.01
W2 = torch.randn(128, 27, generator=g) * 0.01
b2 = torch.zeros(27)
gain, shift = torch.ones(1, 128), torch.zeros(1, 128)
mean_run, std_run = torch.zeros(1, 128), torch.ones(1, 128)
params = [C, W1, b1, W2, b2, gain, shift]
for q in params: q.requires_grad = True
losses = []
for i in range(3000):
    ix = torch.randint(0, len(xt), (64,), generator=g)
    pre = C[xt[ix]].view(64, -1) @ W1 + b1
    m, s = pre.mean(0, keepdim=True), pre.std(0, keepdim=True)
    h = torch.tanh(gain * (pre - m) / (s + 1e-5) + shift)
    with torch.no_grad():
        mean_run.lerp_(m, 0.01); std_run.lerp_(s, 0.01)
    loss = F.cross_entropy(h @ W2 + b2, yt[ix])
    for q in params: q.grad = None
    loss.backward()
    lr = 0.15 if i < 2200 else 0.03
    for q in params: q.data -= lr * q.grad
    losses.append(loss.item())
with torch.no_grad():
    pre = C[xv].view(len(xv), -1) @ W1 + b1
    h = torch.tanh(gain * (pre - mean_run) / (std_run + 1e-5) + shift)
    print('train', sum(losses[-300:]) / 300, 'valid', F.cross_entropy(h @ W2 + b2, yv).item())
