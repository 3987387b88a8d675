import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(99)
V, L, K = 200, 20, 8
# each of 8 topics prefers 15 words; the word 'not' (1) cancels the word after it
pref = torch.stack([torch.randperm(V - 2)[:15] + 2 for _ in range(K)])

def documents(n):
    y = torch.randint(0, K, (n,))
    x = torch.randint(2, V, (n, L))
    own = pref[y][torch.arange(n)[:, None], torch.randint(0, 15, (n, L))]
    x = torch.where(torch.rand(n, L) < 0.25, own, x)
    other = pref[torch.randint(0, K, (n,))][torch.arange(n)[:, None], torch.randint(0, 15, (n, L))]
    for p in range(0, L - 1, 5):
        flip = torch.rand(n) < 0.5
        x[flip, p] = 1
        x[flip, p + 1] = other[flip, p + 1]
    return x, y

class Classifier(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.emb = nn.Embedding(V, d)
        self.pos = nn.Parameter(0.02 * torch.randn(L, d))
        layer = nn.TransformerEncoderLayer(d, 4, 96, dropout=0.1, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.cls = nn.Linear(d, K)

    def forward(self, x):
        h = self.enc(self.emb(x) + self.pos).mean(1)
        return F.softmax(self.cls(h), dim=-1)

Xtr, Ytr = documents(5000)
Xte, Yte = documents(1000)
net = Classifier()
opt = torch.optim.AdamW(net.parameters(), lr=5e-4, weight_decay=0.01)
for step in range(900):
    net.train()
    j = torch.randint(0, 5000, (32,))
    loss = F.cross_entropy(net(Xtr[j]), Ytr[j])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 99:
        net.eval()
        with torch.no_grad():
            o = net(Xte)
            print(step + 1, 'train', round(loss.item(), 3), 'test', round(F.cross_entropy(o, Yte).item(), 3), 'acc', round((o.argmax(1) == Yte).float().mean().item(), 3))
