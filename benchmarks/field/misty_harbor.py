import os, math, torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(11)
names = [n.strip().lower() for n in open(os.environ.get("NAMES_FILE", "data/names.txt")) if n.strip()]
chars = sorted(set("".join(names)))
stoi = {c: i + 1 for i, c in enumerate(chars)}
V, T, D = len(chars) + 1, 14, 64


def encode(ns):
    x = torch.zeros(len(ns), T, dtype=torch.long)
    y = torch.full((len(ns), T), -1)
    for r, n in enumerate(ns):
        s = [stoi[c] for c in n][: T - 1]
        x[r, 1:1 + len(s)] = torch.tensor(s)
        y[r, :len(s)] = torch.tensor(s)
        y[r, len(s)] = 0
    return x, y


perm = torch.randperm(len(names)).tolist()
train = encode([names[i] for i in perm[:8000]])
valid = encode([names[i] for i in perm[8000:9000]])


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.mlp = nn.Sequential(nn.Linear(D, 2 * D), nn.GELU(), nn.Linear(2 * D, D))

    def forward(self, x):
        B = x.shape[0]
        q, k, v = self.qkv(self.ln1(x)).view(B, T, 3, 4, D // 4).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(a.transpose(1, 2).reshape(B, T, D))
        return x + self.mlp(self.ln2(x))


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(V, D)
        self.pos = nn.Parameter(torch.randn(T, D) * 0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(2))
        self.ln = nn.LayerNorm(D)
        nn.init.normal_(self.tok.weight, std=2.0)

    def forward(self, x):
        h = self.tok(x) + self.pos
        for l in self.layers:
            h = l(h)
        return self.ln(h) @ self.tok.weight.t()


model = LM()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
for step in range(500):
    ix = torch.randint(0, len(train[0]), (64,))
    logits = model(train[0][ix])
    loss = F.cross_entropy(logits.reshape(-1, V), train[1][ix].reshape(-1), ignore_index=-1)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    v = F.cross_entropy(model(valid[0]).reshape(-1, V), valid[1].reshape(-1), ignore_index=-1)
print("validation nats per character %.4f" % v)
