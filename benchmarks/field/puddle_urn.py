import torch
import torch.nn as nn

torch.manual_seed(65)
V, T = 16, 8


class Sorter(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.e = nn.Embedding(V, d)
        self.p = nn.Parameter(torch.randn(T, d) * 0.02)
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, 4, 128, 0.0, "gelu", batch_first=True, norm_first=True), 2, enable_nested_tensor=False)
        self.o = nn.Linear(d, V)

    def forward(self, s):
        return self.o(self.enc(self.e(s) + self.p))


net = Sorter()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda k: min(1.0, (k + 1) / 50))
ACC = 4
for k in range(450):
    opt.zero_grad()
    tot = 0.0
    for _ in range(ACC):
        s = torch.randint(0, V, (24, T))
        loss = nn.functional.cross_entropy(net(s).flatten(0, 1), s.sort(1).values.flatten()) / ACC
        loss.backward()
        tot += loss.item()
    opt.step()
    sched.step()
    if k % 75 == 0:
        print(k, round(tot, 4))
with torch.no_grad():
    s = torch.randint(0, V, (1000, T))
    print("token accuracy", (net(s).argmax(-1) == s.sort(1).values).float().mean().item())
