"""Fill in the missing middle letter of a window of five."""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(19)
text = [n.strip().lower() for n in open(os.environ["NAMES_FILE"])]
win, mid = [], []
for w in text:
    w = ".." + w + ".."
    ids = [0 if c == "." else ord(c) - 96 for c in w]
    for k in range(2, len(ids) - 2):
        win.append(ids[k - 2:k] + ids[k + 1:k + 3])
        mid.append(ids[k])
win, mid = torch.tensor(win), torch.tensor(mid)
order = torch.randperm(len(win))
win, mid = win[order], mid[order]
cut = len(win) - 10000


class Filler(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.table = nn.Embedding(27, dim)
        self.mix = nn.Linear(4 * dim, 128)
        self.back = nn.Linear(128, dim)
        self.norm = nn.LayerNorm(dim)
        nn.init.normal_(self.table.weight, std=4.0)

    def forward(self, w):
        e = F.layer_norm(self.table(w), (self.table.embedding_dim,))
        h = self.norm(self.back(F.gelu(self.mix(e.flatten(1)))))
        return h @ self.table.weight.t()


model = Filler()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for step in range(1500):
    i = torch.randint(0, cut, (100,))
    loss = F.cross_entropy(model(win[i]), mid[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(f"{step:5d} {loss.item():.4f}")
with torch.no_grad():
    out = model(win[cut:])
    print(f"dev loss {F.cross_entropy(out, mid[cut:]).item():.4f} hit {(out.argmax(1) == mid[cut:]).float().mean().item():.4f}")
