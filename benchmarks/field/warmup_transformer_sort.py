import torch
import torch.nn as nn

torch.manual_seed(317)
V, L, D = 10, 7, 48


class Sorter(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(V, D)
        self.pos = nn.Parameter(0.02 * torch.randn(L, D))
        enc = nn.TransformerEncoderLayer(D, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(enc, 2, enable_nested_tensor=False)
        self.head = nn.Linear(D, V)

    def forward(self, x):
        return self.head(self.enc(self.tok(x) + self.pos))


model = Sorter()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 200, max(0.02, 1 - s / 800)))
for step in range(800):
    x = torch.randint(0, V, (48, L))
    loss = nn.functional.cross_entropy(model(x).transpose(1, 2), x.sort(1).values)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 80 == 0:
        print(step, round(loss.item(), 4))
x = torch.randint(0, V, (500, L))
with torch.no_grad():
    acc = (model(x).argmax(-1) == x.sort(1).values).float().mean()
print('accuracy', round(acc.item(), 4))
