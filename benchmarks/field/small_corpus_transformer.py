import torch
import torch.nn as nn

torch.manual_seed(199)
words = open('data/names.txt').read().split()
perm = torch.randperm(len(words)).tolist()


def tensorise(ws):
    t = torch.zeros(len(ws), 10, dtype=torch.long)
    for i, w in enumerate(ws):
        w = w[:8]
        t[i, 1:len(w) + 1] = torch.tensor([ord(c) - 96 for c in w])
    return t


train = tensorise([words[i] for i in perm[:200]])
val = tensorise([words[i] for i in perm[200:1200]])
D = 48


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(27, D), nn.Embedding(9, D)
        self.drop = nn.Dropout(0.3)
        layer = nn.TransformerEncoderLayer(D, 4, 96, dropout=0.4, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(D, 27)
        self.mask = nn.Transformer.generate_square_subsequent_mask(9)

    def forward(self, x):
        h = self.drop(self.tok(x) + self.pos.weight)
        return self.head(self.enc(h, mask=self.mask))


def loss_of(m, t):
    return nn.functional.cross_entropy(m(t[:, :-1]).flatten(0, 1), t[:, 1:].flatten())


model = LM()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
for step in range(700):
    if step % 70 == 0:
        model.eval()
        with torch.no_grad():
            v = loss_of(model, val).item()
    loss = loss_of(model, train[torch.randint(0, 200, (25,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 70 == 0:
        print(f'{step} train {loss.item():.4f} val {v:.4f}')
model.eval()
with torch.no_grad():
    print(f'last val {loss_of(model, val).item():.4f}')
