import os, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(88)
ws = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
ws = [w for w in ws if w.isascii() and w.isalpha() and len(w) <= 7]
idx = torch.randperm(len(ws))[:1700].tolist()
X = torch.zeros(1700, 8, dtype=torch.long); Y = torch.full((1700, 8), -100)
for r, i in enumerate(idx):
    c = torch.tensor([ord(ch) - 96 for ch in ws[i]])
    X[r, 1:len(c) + 1] = c; Y[r, :len(c)] = c; Y[r, len(c)] = 0
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(27, 12); self.r = nn.LSTM(12, 32, batch_first=True); self.o = nn.Linear(32, 27)
    def forward(self, x): return self.o(self.r(self.e(x))[0])
net = M()
opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.5)
bs = 1500
for ep in range(160):
    for k in torch.randperm(1500).split(bs):
        l = nn.functional.cross_entropy(net(X[k]).flatten(0, 1), Y[k].flatten())
        opt.zero_grad(); l.backward(); opt.step()
    if ep % 30 == 0: print(ep, l.item())
with torch.no_grad():
    h = nn.functional.cross_entropy(net(X[1500:]).flatten(0, 1), Y[1500:].flatten())
    print(f"after {ep + 1} passes: train {l.item():.4f} held-out {h.item():.4f}")
