import torch
import torch.nn as nn

torch.manual_seed(64)
VOCAB, LEN, DIM = 20, 16, 32


def make(n):
    """label = which of the tokens 1, 2, 3 occurs most often (ties to the smallest)"""
    x = torch.randint(4, VOCAB, (n, LEN))
    p = torch.rand(n, LEN) < 0.5
    pref = torch.randint(1, 4, (n, 1)).expand(n, LEN)
    other = torch.randint(1, 4, (n, LEN))
    key = torch.where(torch.rand(n, LEN) < 0.4, pref, other)
    x = torch.where(p, key, x)
    votes = torch.stack([(x == c).sum(1) for c in (1, 2, 3)], 1)
    return x, votes.argmax(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, DIM)
        self.pos = nn.Parameter(torch.randn(1, LEN + 1, DIM) * 0.02)
        self.cls = nn.Parameter(torch.zeros(1, 1, DIM))
        layer = nn.TransformerEncoderLayer(DIM, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(DIM)
        self.fc = nn.Linear(DIM, 3)

    def forward(self, x):
        h = torch.cat([self.cls.expand(len(x), -1, -1), self.embed(x)], 1) + self.pos
        return self.fc(self.norm(self.encoder(h)[:, 0]))


model = Classifier()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / 40))
ce = nn.CrossEntropyLoss()
for it in range(500):
    x, y = make(64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(x)
        loss = ce(logits, y)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if it % 100 == 0:
        print(f"it {it:4d} loss {loss.item():.4f} lr {sched.get_last_lr()[0]:.2e}")
x, y = make(1000)
with torch.no_grad():
    out = model(x)
print("fresh data: acc", (out.argmax(1) == y).float().mean().item(), "loss", ce(out, y).item())
