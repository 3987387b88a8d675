import torch, random
import torch.nn as nn
import torch.nn.functional as F

random.seed(42)
g = torch.manual_seed(2147483647)
words = open('data/names.txt').read().splitlines()
chars = ['.'] + sorted(set(''.join(words)))
stoi = {s: i for i, s in enumerate(chars)}
block_size = 3

def build_dataset(words):
    X, Y = [], []
    for w in words:
        context = [0] * block_size
        for ch in w + '.':
            X.append(context)
            Y.append(stoi[ch])
            context = context[1:] + [stoi[ch]]
    return torch.tensor(X), torch.tensor(Y)

random.shuffle(words)
Xtr, Ytr = build_dataset(words[:25000])
Xdev, Ydev = build_dataset(words[25000:])

class MLP(nn.Module):
    def __init__(self, n_embd=10, n_hidden=100):
        super().__init__()
        self.C = nn.Embedding(27, n_embd)
        self.l1 = nn.Linear(n_embd * block_size, n_hidden)
        self.l2 = nn.Linear(n_hidden, 27)
        self.l1.weight.data = torch.randn(n_hidden, n_embd * block_size) * (5 / 3) / (n_embd * block_size) ** 0.5
        self.l2.weight.data = torch.randn(27, n_hidden) * 0.01
        self.l2.bias.data.zero_()
    def forward(self, x):
        emb = self.C(x).view(x.shape[0], -1)
        return self.l2(torch.tanh(self.l1(emb)))

model = MLP()
lr0 = 0.2
opt = torch.optim.SGD(model.parameters(), lr=lr0)
for i in range(4000):
    ix = torch.randint(0, Xtr.shape[0], (64,))
    loss = F.cross_entropy(model(Xtr[ix]), Ytr[ix])
    for p in model.parameters():
        p.grad = None
    loss.backward()
    opt.param_groups[0]['lr'] = lr0 if i < 3000 else lr0 / 10
    opt.step()
    if i % 500 == 0:
        print(f'{i:7d}/4000: {loss.item():.4f}')
with torch.no_grad():
    print('dev', F.cross_entropy(model(Xdev), Ydev).item())
