import os, random
import torch

random.seed(68); torch.manual_seed(68)
words = open(os.environ['NAMES_FILE']).read().split()
random.shuffle(words)
def pairs(ws):
    x, y = [], []
    for w in ws:
        s = '..' + w + '.'
        for i in range(len(s) - 2):
            x.append([ord(c) - 96 if c != '.' else 0 for c in s[i:i + 2]]); y.append(ord(s[i + 2]) - 96 if s[i + 2] != '.' else 0)
    return torch.tensor(x), torch.tensor(y)
xtr, ytr = pairs(words[:8000]); xte, yte = pairs(words[8000:9000])
emb = torch.nn.Embedding(27, 16)
lin1 = torch.nn.Linear(32, 64)
lin2 = torch.nn.Linear(64, 27)
params = [*emb.parameters(), *lin1.parameters(), *lin2.parameters()]
opt = torch.optim.SGD(params, lr=0.15)
BS = 1
def f(x): return lin2(torch.tanh(lin1(emb(x).flatten(1))))
for step in range(4000):
    r = torch.randint(0, len(xtr), (BS,))
    loss = torch.nn.functional.cross_entropy(f(xtr[r]), ytr[r])
    opt.zero_grad(); loss.backward(); opt.step()
with torch.no_grad():
    print('train', torch.nn.functional.cross_entropy(f(xtr), ytr).item(), 'test', torch.nn.functional.cross_entropy(f(xte), yte).item())
