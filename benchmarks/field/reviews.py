import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(40)
V, L, C = 500, 25, 4
lean = torch.randn(V, C)

def corpus(n):
    x = torch.randint(0, V, (n, L))
    score = lean[x].mean(1) * 5
    y = torch.distributions.Categorical(logits=1.5 * score).sample()
    return x, y

class BoW(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.emb = nn.EmbeddingBag(V, d, mode='mean')
        nn.init.normal_(self.emb.weight, std=0.5)
        self.net = nn.Sequential(nn.Dropout(0.5), nn.Linear(d, 128), nn.ReLU(), nn.Dropout(0.6), nn.Linear(128, C))
    def forward(self, x):
        return self.net(self.emb(x))

def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        o = model(x)
    return F.cross_entropy(o, y).item(), (o.argmax(1) == y).float().mean().item()

xtr, ytr = corpus(2500)
xva, yva = corpus(1500)
model = BoW()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
print('before', evaluate(model, xva, yva))
for epoch in range(30):
    tot = 0
    for i in torch.randperm(2500).split(25):
        loss = F.cross_entropy(model(xtr[i]), ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    if epoch % 3 == 2:
        v, a = evaluate(model, xva, yva)
        print(f'epoch {epoch + 1} train {tot / 100:.3f} val {v:.3f} acc {a:.3f}')
