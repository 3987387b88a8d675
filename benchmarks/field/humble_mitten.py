import torch
from torch import nn

torch.manual_seed(11)
SYM, T = 5, 24
shapes = torch.randn(SYM + 1, 6)


def utterances(n):
    """Each symbol lasts two to four frames; the frames are noisy."""
    x = 0.3 * torch.randn(n, T, 6)
    labels, lens = torch.zeros(n, 5, dtype=torch.long), torch.zeros(n, dtype=torch.long)
    for i in range(n):
        k = int(torch.randint(3, 6, (1,)))
        t = int(torch.randint(0, 3, (1,)))
        for j in range(k):
            s = int(torch.randint(1, SYM + 1, (1,)))
            d = int(torch.randint(2, 4, (1,)))
            x[i, t:t + d] += shapes[s]
            labels[i, j] = s
            t += d + 1
        lens[i] = k
    return x, labels, lens


class Recogniser(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 32, batch_first=True, bidirectional=True)
        self.out = nn.Linear(64, SYM + 1)

    def forward(self, x):
        return self.out(self.gru(x)[0]).log_softmax(-1)


def decode(lp):
    res = []
    for path in lp.argmax(-1).tolist():
        res.append([p for i, p in enumerate(path) if p and (i == 0 or p != path[i - 1])])
    return res


X, Y, N = utterances(2500)
ctc = nn.CTCLoss(blank=0)
net = Recogniser()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(1, 11):
    for b in torch.randperm(2000).split(40):
        lp = net(X[b])
        loss = ctc(lp.transpose(0, 1), Y[b], torch.full((len(b),), T), N[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            hyp = decode(net(X[2000:]))
        right = sum(h == Y[2000 + i, :N[2000 + i]].tolist() for i, h in enumerate(hyp)) / 500
        print(f"epoch {epoch} ctc {loss.item():.4f} whole sequences right {right:.3f}")
