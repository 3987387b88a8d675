import os, random
import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(7); random.seed(7)
ws = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
ws = [w for w in ws if w.isascii() and w.isalpha()]
random.shuffle(ws)
def pairs(ws, n=4):
    a, b = [], []
    for w in ws:
        s = "`" * n + w + "`"
        for i in range(len(w) + 1):
            a.append([ord(c) - 96 for c in s[i:i + n]]); b.append(ord(s[i + n]) - 96)
    return torch.tensor(a), torch.tensor(b)
Xa, Ya = pairs(ws[:5000]); Xb, Yb = pairs(ws[5000:5600])
net = nn.Sequential(nn.Embedding(27, 12), nn.Flatten(),
                    nn.Linear(48, 100), nn.BatchNorm1d(100), nn.Tanh(),
                    nn.Linear(100, 100), nn.BatchNorm1d(100), nn.Tanh(),
                    nn.Linear(100, 27))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
for i in range(1000):
    k = torch.randint(0, len(Xa), (64,))
    loss = nn.functional.cross_entropy(net(Xa[k]), Ya[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if i % 200 == 0:
        print(i, loss.item())
net.eval()
with torch.no_grad():
    print("params", sum(q.numel() for q in net.parameters()), "train %.4f held-out %.4f" % (nn.functional.cross_entropy(net(Xa), Ya), nn.functional.cross_entropy(net(Xb), Yb)))
