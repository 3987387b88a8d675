import random
import torch
from torch import nn

random.seed(0); torch.manual_seed(0)
N, LEN, HID = 10, 6, 64
SOS = N


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(N + 1, 24)
        self.encoder = nn.GRU(24, HID, batch_first=True)
        self.decoder = nn.GRU(24, HID, batch_first=True)
        self.proj = nn.Linear(HID, N)

    def forward(self, src, tgt):
        _, h = self.encoder(self.emb(src))
        inp = torch.cat([torch.full_like(tgt[:, :1], SOS), tgt[:, :-1]], 1)
        out, _ = self.decoder(self.emb(inp), h)
        return self.proj(out)


def get_batch(bs=64):
    src = torch.randint(0, N, (bs, LEN))
    return src, src.sort(dim=1).values


net = Seq2Seq()
LR = 0.05
opt = torch.optim.Adam(net.parameters(), lr=LR)
history = []
for it in range(1000):
    src, tgt = get_batch()
    logits = net(src, tgt)
    loss = nn.functional.cross_entropy(logits.reshape(-1, N), tgt.reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    history.append(loss.item())
    if it % 100 == 99:
        print(f'iter {it + 1}, loss {sum(history[-100:]) / 100:.4f}')
