import torch
import torch.nn as nn

V, L = 12, 8
torch.manual_seed(0)


class SortFormer(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tok = nn.Embedding(V + 1, d)
        self.pos = nn.Parameter(torch.randn(2 * L, d) * 0.02)
        nn.init.normal_(self.tok.weight, std=0.5)
        block = nn.TransformerEncoderLayer(d, 4, 2 * d, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(block, 2, enable_nested_tensor=False)
        self.ln = nn.LayerNorm(d)
        self.out = nn.Linear(d, V)

    def forward(self, s):
        n = s.size(1)
        mask = torch.triu(torch.full((n, n), float("-inf")), 1)
        h = self.enc(self.tok(s) + self.pos[:n], mask=mask)
        return self.out(self.ln(h))


def sample(b):
    a = torch.randint(0, V, (b, L))
    s = a.sort(1).values
    sep = torch.full((b, 1), V)
    seq = torch.cat([a, sep, s], 1)
    return seq[:, :-1], s


net = SortFormer()
opt = torch.optim.Adam(net.parameters(), lr=0.05)
avg = 0
for it in range(1, 701):
    inp, tgt = sample(48)
    logits = net(inp)[:, L:]
    loss = nn.functional.cross_entropy(logits.reshape(-1, V), tgt.reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = 0.95 * avg + 0.05 * loss.item()
    if it % 100 == 0:
        print(it, "loss", round(avg, 4))
with torch.no_grad():
    inp, tgt = sample(500)
    print("token accuracy", (net(inp)[:, L:].argmax(-1) == tgt).float().mean().item())
