import torch
torch.manual_seed(11)
g = torch.Generator().manual_seed(5)
V = 12
trans = torch.softmax(torch.randn(V, V, V, generator=g) * 1.5, -1)
seq = [0, 1]
u = torch.rand(20000, generator=g)
cum = trans.cumsum(-1)
for k in range(20000):
    seq.append(min(int(torch.searchsorted(cum[seq[-2], seq[-1]], u[k])), V - 1))
seq = torch.tensor(seq)
ctx = torch.stack([seq[:-2], seq[1:-1]], 1)
tgt = seq[2:]
ntr = 17000
emb, hid = 12, 120
Cm = torch.randn(V, emb)
W1 = torch.randn(2 * emb, hid) * (5 / 3) / (2 * emb) ** 0.5
b1 = torch.zeros(hid)
W2 = torch.randn(hid, V) * 4.0
b2 = torch.zeros(V)
params = [Cm, W1, b1, W2, b2]
for p in params:
    p.requires_grad_()

def nll(ix):
    e = Cm[ctx[ix]].view(len(ix), -1)
    h = torch.tanh(e @ W1 + b1)
    logits = h @ W2 + b2
    return torch.nn.functional.cross_entropy(logits, tgt[ix])

for it in range(1500):
    ix = torch.randint(0, ntr, (128,))
    loss = nll(ix)
    for p in params:
        p.grad = None
    loss.backward()
    lr = 0.3 if it < 1100 else 0.05
    for p in params:
        p.data -= lr * p.grad
    if it % 250 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    print('train', round(nll(torch.arange(ntr)).item(), 4), 'held-out', round(nll(torch.arange(ntr, len(tgt))).item(), 4))
