import os
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

torch.manual_seed(4)
with open(os.environ.get("NAMES_FILE", "data/names.txt")) as fh:
    words = [w.strip().lower() for w in fh if 3 <= len(w.strip()) <= 10]
alphabet = sorted(set("".join(words)))
code = {c: i + 1 for i, c in enumerate(alphabet)}
VOWELS = set("aeiouy")


def tags(w):
    out = []
    for i, c in enumerate(w):
        after = i + 1 < len(w) and w[i + 1] in VOWELS
        out.append(0 if c in VOWELS and after else 1 if c in VOWELS else 2 if after else 3 if w.count(c) == 1 else 4)
    return out


g = torch.Generator().manual_seed(0)
pick = torch.randperm(len(words), generator=g)[:6000].tolist()
xs = [torch.tensor([code[c] for c in words[i]]) for i in pick]
ys = [torch.tensor(tags(words[i])) for i in pick]
X = pad_sequence(xs, batch_first=True)
Y = pad_sequence(ys, batch_first=True, padding_value=-100)


class Tagger(nn.Module):
    def __init__(self, n_tags=5):
        super().__init__()
        self.emb = nn.Embedding(len(code) + 1, 24, padding_idx=0)
        self.lstm = nn.LSTM(24, 32, bidirectional=True, batch_first=True)
        self.out = nn.Linear(64, n_tags)

    def forward(self, x):
        h, _ = self.lstm(self.emb(x))
        return torch.softmax(self.out(h), -1)


net = Tagger()
opt = torch.optim.Adamax(net.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss(ignore_index=-100)
for epoch in range(4):
    seen = []
    for b in torch.randperm(5000).split(40):
        loss = ce(net(X[b]).flatten(0, 1), Y[b].flatten())
        net.zero_grad()
        loss.backward()
        opt.step()
        seen.append(loss.item())
    print(f"pass {epoch + 1}: {sum(seen) / len(seen):.4f}")
with torch.no_grad():
    pred = net(X[5000:]).argmax(-1)
mask = Y[5000:] >= 0
print("tag accuracy %.4f" % (pred == Y[5000:])[mask].float().mean())
