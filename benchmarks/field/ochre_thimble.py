import os
import torch, torch.nn as nn

names = [n.strip().lower() for n in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
names = [n for n in names if len(n) >= 4][:24000]
# question: does a name have more vowels than consonants in its inner letters?
examples = []
for n in names:
    inner = n[1:-1]
    v = sum(ch in "aeiouy" for ch in inner)
    examples.append((n, 2 if 2 * v > len(inner) else 1 if 2 * v == len(inner) else 0))
texts = [t for t, _ in examples]
answers = [a for _, a in sorted(examples)]


def bigrams(t):
    t = "^" + t + "$"
    return [(ord(a) * 31 + ord(b)) % 997 for a, b in zip(t, t[1:])]


ids = [torch.tensor(bigrams(t)) for t in texts]
gold = torch.tensor(answers)
torch.manual_seed(9)
perm = torch.randperm(len(ids)).tolist()
train, held = perm[:20000], perm[20000:22000]


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(997, 16, mode="sum")
        self.mlp = nn.Sequential(nn.ReLU(), nn.Linear(16, 3))

    def forward(self, items):
        off = torch.tensor([0] + [len(i) for i in items[:-1]]).cumsum(0)
        return self.mlp(self.bag(torch.cat(items), off))


net = Bag()
nn.init.normal_(net.bag.weight, std=0.2)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(3):
    for s in range(0, len(train), 50):
        chunk = train[s:s + 50]
        loss = nn.functional.cross_entropy(net([ids[i] for i in chunk]), gold[chunk])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        o = net([ids[i] for i in held])
        print(f"epoch {epoch} loss {loss.item():.4f} held-out loss {nn.functional.cross_entropy(o, gold[held]).item():.4f} acc {(o.argmax(1) == gold[held]).float().mean().item():.4f}")
