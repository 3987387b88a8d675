import torch
import torch.nn as nn
from sklearn.datasets import load_digits

class TinyViT(nn.Module):
    def __init__(self, dim=48, depth=3, heads=4, patch=2):
        super().__init__()
        self.proj = nn.Conv2d(1, dim, patch, stride=patch)
        n = (8 // patch) ** 2
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, n + 1, dim) * 0.02)
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.ModuleDict(dict(
                ln1=nn.LayerNorm(dim), att=nn.MultiheadAttention(dim, heads, batch_first=True),
                ln2=nn.LayerNorm(dim), mlp=nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim)))))
        self.ln = nn.LayerNorm(dim)
        self.fc = nn.Linear(dim, 10)

    def forward(self, img):
        x = self.proj(img).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.pos
        for l in self.layers:
            h = l['ln1'](x)
            x = x + l['att'](h, h, h, need_weights=False)[0]
            x = x + l['mlp'](l['ln2'](x))
        return self.fc(self.ln(x[:, 0]))

if __name__ == '__main__':
    torch.manual_seed(6)
    d = load_digits()
    X = torch.tensor((d.images - 8) / 6, dtype=torch.float32)[:, None]
    Y = torch.tensor(d.target)
    p = torch.randperm(len(X)); X, Y = X[p], Y[p]
    net = TinyViT()
    opt = torch.optim.AdamW(net.parameters(), lr=1e-5, weight_decay=0.05)
    for step in range(900):
        i = torch.randint(0, 1400, (32,))
        loss = nn.functional.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 100 == 0 or step == 899:
            with torch.no_grad():
                o = net(X[1400:])
            print('step', step, 'loss', round(loss.item(), 3), 'test', round(nn.functional.cross_entropy(o, Y[1400:]).item(), 3), 'acc', round((o.argmax(1) == Y[1400:]).float().mean().item(), 3))
