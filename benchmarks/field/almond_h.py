import os, random, torch
import torch.nn.functional as F
random.seed(42); torch.manual_seed(42)
words = open(os.environ['NAMES_FILE']).read().splitlines(); random.shuffle(words)
def build(ws):
    X, Y = [], []
    for w in ws:
        c = [0] * 4
        for ch in w + '\n':
            i = 0 if ch == '\n' else ord(ch) - 96
            X.append(c); Y.append(i); c = c[1:] + [i]
    return torch.tensor(X), torch.tensor(Y)
xt, yt = build(words[:26000]); xv, yv = build(words[26000:29000])
P = {'C': torch.randn(27, 10) * 0.5, 'W1': torch.randn(40, 128) / 40 ** 0.5, 'b1': torch.zeros(128), 'W2': torch.randn(128, 27) * 0.02, 'b2': torch.zeros(27)}
for v in P.values(): v.requires_grad_()
m = {k: torch.zeros_like(v) for k, v in P.items()}
s = {k: torch.zeros_like(v) for k, v in P.items()}
def logits(x): return torch.tanh(P['C'][x].flatten(1) @ P['W1'] + P['b1']) @ P['W2'] + P['b2']
rec = []
for t in range(1, 3001):
    b = torch.randint(0, len(xt), (64,))
    loss = F.cross_entropy(logits(xt[b]), yt[b])
    loss.backward()
    lr = 3e-3 * (1 - t / 3300)
    with torch.no_grad():
        for k, v in P.items():
            g = v.grad
            m[k] = 0.9 * m[k] + 0.1 * g
            s[k] = 0.999 * s[k] + 0.001 * g * g
            v -= lr * (m[k] / (1 - 0.9 ** t)) / ((s[k] / (1 - 0.999 ** t)).sqrt() + 1e-8)
            v.grad = None
    rec.append(loss.item())
    if t % 600 == 0: print(t, sum(rec[-300:]) / 300)
with torch.no_grad(): print('train', sum(rec[-300:]) / 300, 'valid', F.cross_entropy(logits(xv), yv).item())
