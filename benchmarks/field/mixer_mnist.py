import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(57)
get = lambda f, o: np.frombuffer(gzip.open('data/' + f).read(), np.uint8, offset=o).copy()
img = torch.tensor(get('mnist-t10k-images-idx3-ubyte.gz', 16)).view(-1, 28, 28).float().div(255).sub(0.1307).div(0.3081)
lab = torch.tensor(get('mnist-t10k-labels-idx1-ubyte.gz', 8)).long()
P = 7
tokens = img.unfold(1, P, P).unfold(2, P, P).reshape(-1, 16, P * P)


class Mix(nn.Module):
    def __init__(self, t, d):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.tok = nn.Sequential(nn.Linear(t, 32), nn.GELU(), nn.Linear(32, t))
        self.chan = nn.Sequential(nn.Linear(d, 96), nn.GELU(), nn.Linear(96, d))
        for s in (self.tok, self.chan):
            nn.init.zeros_(s[-1].weight)
            nn.init.zeros_(s[-1].bias)

    def forward(self, x):
        x = x + self.tok(self.n1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.chan(self.n2(x))


class Mixer(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.stem = nn.Linear(P * P, d)
        self.blocks = nn.Sequential(Mix(16, d), Mix(16, d))
        self.head = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 10))

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean(1))


model = Mixer()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
ce = nn.CrossEntropyLoss()
ACC = 4
for step in range(450):
    tot = 0.0
    for _ in range(ACC):
        b = torch.randint(0, 8000, (8,))
        loss = ce(model(tokens[b]), lab[b]) / ACC
        loss.backward()
        tot += loss.item()
    opt.step()
    opt.zero_grad()
    if step % 75 == 74:
        with torch.no_grad():
            o = model(tokens[8000:9000])
        print(f'update {step + 1} loss {tot:.4f} val {ce(o, lab[8000:9000]).item():.4f} acc {(o.argmax(1) == lab[8000:9000]).float().mean().item():.3f}')
