import torch, torch.nn as nn
torch.manual_seed(1)
V, T = 16, 10
class Tr(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(V, d)
        self.pos = nn.Parameter(torch.randn(T, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(d)
        self.out = nn.Linear(d, V)
    def forward(self, x):
        return self.out(self.norm(self.enc(self.tok(x) + self.pos)))
def get(n):
    x = torch.randint(0, V, (n, T))
    y = torch.flip(x, [1])
    return x, y
m = Tr()
optim = torch.optim.Adam(m.parameters(), lr=1e-1)
lf = nn.CrossEntropyLoss()
for it in range(900):
    x, y = get(48)
    loss = lf(m(x).flatten(0, 1), y.flatten())
    optim.zero_grad(); loss.backward(); optim.step()
    if it % 100 == 0: print(f'{it} {loss.item():.4f}')
m.eval()
with torch.no_grad():
    xt, yt = get(300); xv, yv = get(300)
    print(f'train {lf(m(xt).flatten(0,1), yt.flatten()).item():.4f} held-out {lf(m(xv).flatten(0,1), yv.flatten()).item():.4f} acc {(m(xv).argmax(-1)==yv).float().mean().item():.4f}')
