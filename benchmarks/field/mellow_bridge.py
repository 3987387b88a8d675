import torch
import torch.nn.functional as F
torch.set_num_threads(1)
torch.manual_seed(21)

names = open('data/names.txt').read().splitlines()
lut = {'.': 0, **{chr(97 + i): i + 1 for i in range(26)}}
xs, ys = [], []
for nm in names[::2]:
    a = b = 0
    for ch in nm + '.':
        xs.append((a, b))
        ys.append(lut[ch])
        a, b = b, lut[ch]
xs = torch.tensor(xs)
ys = torch.tensor(ys)
print(xs.shape, ys.shape)

E = torch.randn(27, 8) * 0.5
W1 = torch.randn(16, 80) * (1 / 16 ** 0.5)
b1 = torch.zeros(80)
W2 = torch.randn(80, 27) * 0.05
b2 = torch.zeros(27)
parameters = [E, W1, b1, W2, b2]
for p in parameters:
    p.requires_grad = True

lr = 0.02
for i in range(4000):
    ix = torch.randint(0, len(xs), (64,))
    h = torch.tanh(E[xs[ix]].view(-1, 16) @ W1 + b1)
    loss = F.cross_entropy(h @ W2 + b2, ys[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in parameters:
            p += lr * p.grad
    if i % 400 == 0 or i == 3999:
        print(f'{i:5d} {loss.item():.4f}')

with torch.no_grad():
    sub = slice(0, 20000)
    h = torch.tanh(E[xs[sub]].view(-1, 16) @ W1 + b1)
    print('overall', F.cross_entropy(h @ W2 + b2, ys[sub]).item())
