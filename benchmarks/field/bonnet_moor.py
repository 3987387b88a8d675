import torch
import torch.nn as nn

torch.manual_seed(86)
SYM, H = 5, 8
glyph = (torch.rand(SYM, H, 4) < 0.5).float()


def strip(n, W=40):
    img, tg, ln = 0.2 * torch.randn(n, H, W), [], []
    for i in range(n):
        k = int(torch.randint(3, 6, (1,)))
        s = torch.randint(0, SYM, (k,))
        pos = 1
        for c in s:
            pos += int(torch.randint(0, 3, (1,)))
            img[i, :, pos:pos + 4] += glyph[c]
            pos += 5
        tg.append(s + 1)
        ln.append(k)
    return img, torch.cat(tg), torch.tensor(ln)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(H, 32, 5, padding=2)
        self.gru = nn.GRU(32, 32, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(64, SYM + 1)

    def forward(self, x):
        z = torch.relu(self.conv(x)).transpose(1, 2)
        return self.fc(self.gru(z)[0]).log_softmax(-1)


def decode(lp):
    out = []
    for row in lp.argmax(-1).tolist():
        seq = [c for c, prev in zip(row, [None] + row[:-1]) if c != prev and c]
        out.append(seq)
    return out


net, ctc = Reader(), nn.CTCLoss(blank=0)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(350):
    x, t, l = strip(32)
    lp = net(x)
    loss = ctc(lp.transpose(0, 1), t, torch.full((32,), lp.shape[1]), l)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 2.0)
    opt.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))
x, t, l = strip(300)
with torch.no_grad():
    got = decode(net(x))
want = [s.tolist() for s in t.split(l.tolist())]
print("strips read without error", sum(a == b for a, b in zip(got, want)) / 300)
