import torch
import torch.nn.functional as F

torch.set_num_threads(1)
g = torch.Generator().manual_seed(2147483647)

words = open('data/names.txt').read().split()
chars = sorted(set(''.join(words)))
stoi = {c: i + 1 for i, c in enumerate(chars)}
stoi['.'] = 0
block = 4


def build(ws):
    X, Y = [], []
    for w in ws:
        ctx = [0] * block
        for ch in w + '.':
            X.append(ctx)
            Y.append(stoi[ch])
            ctx = ctx[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)


perm = torch.randperm(len(words), generator=g).tolist()
words = [words[i] for i in perm]
Xtr, Ytr = build(words[:28000])
Xdev, Ydev = build(words[28000:])

torch.manual_seed(1)
C = torch.nn.Embedding(27, 12)
net = torch.nn.Sequential(torch.nn.Linear(12 * block, 128), torch.nn.Tanh(), torch.nn.Linear(128, 27))
params = list(C.parameters()) + list(net.parameters())
opt = torch.optim.AdamW(params, lr=2e-3, weight_decay=1e-4)
bs = 16384
epochs = 3
N = len(Xtr)
step = 0
for ep in range(epochs):
    order = torch.randperm(N, generator=g)
    run = 0.0
    cnt = 0
    for i in range(0, N - bs + 1, bs):
        ix = order[i:i + bs]
        logits = net(C(Xtr[ix]).flatten(1))
        loss = F.cross_entropy(logits, Ytr[ix])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        run += loss.item()
        cnt += 1
        step += 1
    with torch.no_grad():
        dev = F.cross_entropy(net(C(Xdev).flatten(1)), Ydev)
    print(f'pass {ep} | {step} updates | train {run / cnt:.4f} | dev {dev.item():.4f}')
