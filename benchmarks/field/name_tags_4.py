# vowel/consonant/double-letter tagging of names with a bidirectional LSTM and packed sequences
import random
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence, pad_packed_sequence

random.seed(0)
torch.manual_seed(4)
PAD = -100


def tags(w):
    out = []
    for i, c in enumerate(w):
        if i + 1 < len(w) and w[i + 1] == c:
            out.append(3)                        # same letter follows
        elif c in "aeiou":
            out.append(2 if i and w[i - 1] in "aeiou" else 1)   # second vowel in a row / single vowel
        else:
            out.append(0)
    return out


names = open("data/names.txt").read().split("\n")
random.shuffle(names)
data = [(torch.tensor([ord(c) - 97 for c in w]), torch.tensor(tags(w))) for w in names[:6000]]
train_set, test_set = data[:5500], data[5500:]


class BiLSTMTagger(nn.Module):
    def __init__(self, emb=16, hid=24, n_tags=4):
        super().__init__()
        self.emb = nn.Embedding(26, emb)
        self.lstm = nn.LSTM(emb, hid, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hid, n_tags)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.fc(h)


def collate(items):
    xs, ts = zip(*items)
    return pad_sequence(xs, batch_first=True), torch.tensor([len(x) for x in xs]), pad_sequence(ts, batch_first=True, padding_value=PAD)


tagger = BiLSTMTagger()
optimizer = torch.optim.Adam(tagger.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss(ignore_index=PAD)
for step in range(500):
    x, n, t = collate(random.sample(train_set, 32))
    loss = ce(tagger(x, n).transpose(1, 2), t)
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print("step", step, "loss", loss.item())
x, n, t = collate(test_set)
with torch.no_grad():
    out = tagger(x, n)
keep = t != PAD
print("test loss", ce(out.transpose(1, 2), t).item(), "tag accuracy", (out.argmax(-1) == t)[keep].float().mean().item())
