import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(7)
rng = np.random.default_rng(7)

# toy corpus: 400 word vocabulary, every class has its own word frequencies
V = 400
base = rng.dirichlet(np.ones(V) * 0.5)
spam_words = base * np.exp(rng.normal(0, 0.6, V))
spam_words /= spam_words.sum()


def make_mail(is_spam):
    n = rng.integers(20, 80)
    return rng.multinomial(n, spam_words if is_spam else base)


labels = rng.integers(0, 2, 3000)
counts = np.stack([make_mail(l) for l in labels])
X = torch.tensor(np.log1p(counts), dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(labels, dtype=torch.float32)
Xtr, Xte, ytr, yte = X[:2400], X[2400:], y[:2400], y[2400:]


class SpamNet(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.fc1 = nn.Linear(V, hidden)
        self.fc2 = nn.Linear(hidden, 32)
        self.out = nn.Linear(32, 1)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        x = self.drop(torch.relu(self.fc1(x)))
        x = torch.relu(self.fc2(x))
        return self.out(x).squeeze(1)


model = SpamNet()
bce = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, weight_decay=1e-3)

for epoch in range(10):
    model.train()
    perm = torch.randperm(len(Xtr))
    total = 0.0
    for i in range(0, len(Xtr), 64):
        idx = perm[i:i + 64]
        optimizer.zero_grad()
        loss = bce(model(Xtr[idx]), ytr[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    print(f"epoch {epoch} loss {total / len(Xtr):.4f}")

model.eval()
with torch.no_grad():
    acc = ((model(Xte) > 0).float() == yte).float().mean().item()
print(f"test accuracy {acc:.4f}")
