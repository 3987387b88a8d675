import os, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(81)
ws = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
ws = [w for w in ws if w.isascii() and w.isalpha() and len(w) < 9]
ws = [ws[i] for i in torch.randperm(len(ws)).tolist()]
def enc(ws):
    X = torch.zeros(len(ws), 9, dtype=torch.long); Y = torch.full((len(ws), 9), -1)
    for r, w in enumerate(ws):
        c = torch.tensor([ord(a) - 96 for a in w]); X[r, 1:len(c) + 1] = c; Y[r, :len(c)] = c; Y[r, len(c)] = 0
    return X, Y
ntr = 150
X, Y = enc(ws[:ntr]); V, U = enc(ws[-600:])
class Net(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.t = nn.Embedding(27, d); self.p = nn.Parameter(torch.randn(9, d) * 0.1)
        self.e = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 3, 96, 0.0, batch_first=True, norm_first=True), 2, enable_nested_tensor=False)
        self.o = nn.Linear(d, 27)
    def forward(self, x):
        return self.o(self.e(self.t(x) + self.p, mask=torch.full((9, 9), float("-inf")).triu(1)))
net = Net()
def loss(x, y): return nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten(), ignore_index=-1)
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for it in range(601):
    k = torch.randint(0, ntr, (32,))
    l = loss(X[k], Y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 50 == 0:
        with torch.no_grad(): v = loss(V, U).item()
        print(it, "train", round(l.item(), 3), "val", round(v, 3))
print("train", l.item(), "val", v)
