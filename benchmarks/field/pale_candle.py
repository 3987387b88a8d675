import torch
from torch import nn

torch.manual_seed(5)
N, LEN, ACC = 12, 8, 4


class Sorter(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(N, 48)
        self.pos = nn.Embedding(LEN, 48)
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(48, 4, 128, dropout=0.0, batch_first=True), 2)
        self.out = nn.Linear(48, N)

    def forward(self, x):
        return self.out(self.enc(self.tok(x) + self.pos(torch.arange(LEN))))


model = Sorter()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
opt.zero_grad()
micro = 0
for step in range(1, 601):
    total = 0.0
    for _ in range(ACC):
        x = torch.randint(0, N, (16, LEN))
        y = x.sort(1).values
        loss = nn.functional.cross_entropy(model(x).transpose(1, 2), y) / ACC
        loss.backward()
        total += loss.item()
    opt.step()
    opt.zero_grad()
    if step % 100 == 0:
        with torch.no_grad():
            x = torch.randint(0, N, (400, LEN))
            acc = (model(x).argmax(-1) == x.sort(1).values).float().mean().item()
        print(f"update {step} loss {total:.4f} token accuracy {acc:.4f}")
