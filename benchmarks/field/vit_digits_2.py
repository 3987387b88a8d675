import argparse
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

ap = argparse.ArgumentParser()
ap.add_argument('--lr', type=float, default=2e-2)
ap.add_argument('--steps', type=int, default=600)
ap.add_argument('--batch', type=int, default=48)
ap.add_argument('--dim', type=int, default=48)
args = ap.parse_args()
torch.manual_seed(0)

digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32)
x = (x - x.mean()) / x.std()
patches = x.unfold(1, 2, 2).unfold(2, 2, 2).reshape(len(x), 16, 4)
y = torch.tensor(digits.target)
p = torch.randperm(len(x))
patches, y = patches[p], y[p]


class ViT(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.embed = nn.Linear(4, d)
        self.pos = nn.Parameter(torch.randn(1, 17, d) * 0.02)
        self.cls = nn.Parameter(torch.randn(1, 1, d) * 0.02)
        layer = nn.TransformerEncoderLayer(d, 4, d, dropout=0.0, activation='gelu', batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 10))

    def forward(self, z):
        z = self.embed(z)
        z = torch.cat([self.cls.expand(len(z), -1, -1), z], 1) + self.pos
        return self.head(self.enc(z)[:, 0])


model = ViT(args.dim)
opt = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.01)
ce = nn.CrossEntropyLoss()
for s in range(args.steps):
    i = torch.randint(0, 1440, (args.batch,))
    loss = ce(model(patches[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if s % 100 == 0 or s == args.steps - 1:
        with torch.no_grad():
            o = model(patches[1440:])
        print(f'{s:4d} train {loss.item():.4f} val {ce(o, y[1440:]).item():.4f} acc {(o.argmax(1) == y[1440:]).float().mean().item():.3f}')
