import torch
import torch.nn as nn

SEED, VOCAB, LEN = 23, 8, 16
torch.manual_seed(SEED)


def batch(n):
    x = torch.randint(0, VOCAB, (n, LEN))
    y = ((x == 1).sum(1) > (x == 2).sum(1)).long() + 2 * (x[:, :8] == 3).any(1).long()
    return x, y


class Classifier(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, d)
        self.pos = nn.Parameter(0.1 * torch.randn(1, LEN + 1, d))
        self.cls = nn.Parameter(torch.zeros(1, 1, d))
        layer = nn.TransformerEncoderLayer(d, 4, 96, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(d, 4)

    def forward(self, x):
        h = torch.cat([self.cls.expand(len(x), -1, -1), self.emb(x)], 1) + self.pos
        return self.head(self.encoder(h)[:, 0])


class Trainer:
    def __init__(self, model, lr, steps):
        self.model, self.steps = model, steps
        self.opt = torch.optim.AdamW(model.parameters(), lr=lr)
        self.crit = nn.CrossEntropyLoss()

    def fit(self):
        for s in range(self.steps):
            x, y = batch(64)
            loss = self.crit(self.model(x), y)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            if s % 100 == 0:
                print(s, f"{loss.item():.4f}")

    @torch.no_grad()
    def score(self):
        x, y = batch(2000)
        return (self.model(x).argmax(1) == y).float().mean().item()


t = Trainer(Classifier(), lr=3e-2, steps=700)
t.fit()
print("accuracy on fresh sequences %.4f" % t.score())
