import os, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(2)
ws = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])]
ws = [w for w in ws if w.isascii() and w.isalpha() and len(w) < 10]
ws = [ws[i] for i in torch.randperm(len(ws)).tolist()[:6000]]
X = torch.zeros(6000, 10, dtype=torch.long); Y = torch.full((6000, 10), -100)
for r, w in enumerate(ws):
    c = torch.tensor([ord(a) - 96 for a in w]); X[r, 1:len(c) + 1] = c; Y[r, :len(c)] = c; Y[r, len(c)] = 0
class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.emb = nn.Embedding(27, d); nn.init.normal_(self.emb.weight, std=0.3)
        self.gru = nn.GRU(d, d, batch_first=True)
        self.out = nn.Linear(d, 27); self.out.weight = self.emb.weight; nn.init.zeros_(self.out.bias)
    def forward(self, x): return self.out(self.gru(self.emb(x))[0])
net = LM()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.01)
def L(k): return nn.functional.cross_entropy(net(X[k]).flatten(0, 1), Y[k].flatten())
for it in range(800):
    l = L(torch.randint(0, 5400, (48,)))
    opt.zero_grad(); l.backward(); nn.utils.clip_grad_norm_(net.parameters(), 1.0); opt.step()
    if it % 160 == 0: print(it, l.item())
with torch.no_grad():
    print("train", L(torch.arange(3000)).item(), "held-out", L(torch.arange(5400, 6000)).item())
