import os, torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(13)
ws = [w.strip().lower() for w in open(os.environ["NAMES_FILE"])][:8000]
pr = [(ord(a) - 97, ord(b) - 97) for w in ws if w.isascii() and w.isalpha() for a, b in zip(w, w[1:])]
pr = torch.tensor(pr); pr = pr[torch.randperm(len(pr))]
cut = int(.9 * len(pr))
cen = nn.Embedding(26, 16, sparse=True); ctx = nn.Embedding(26, 16, sparse=True)
nn.init.normal_(cen.weight, std=.3); nn.init.normal_(ctx.weight, std=.3)
opt = torch.optim.SparseAdam([*cen.parameters(), *ctx.parameters()], lr=5e-3)
al = torch.arange(26)
def loss(q): return nn.functional.cross_entropy(cen(q[:, 0]) @ ctx(al).T, q[:, 1])
for it in range(1200):
    l = loss(pr[torch.randint(0, cut, (128,))])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 200 == 0: print(it, l.item())
with torch.no_grad(): print("train", loss(pr[:cut]).item(), "held-out", loss(pr[cut:]).item())
