import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(11)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32)
X = (X - X.mean()) / X.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(X))
tr, te = perm[:1400], perm[1400:]


class Classifier(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.hidden = nn.Linear(64, hidden)
        self.output = nn.Linear(hidden, 10)
        for layer in (self.hidden, self.output):
            nn.init.constant_(layer.weight, 0.01)
            nn.init.constant_(layer.bias, 0.0)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(x)))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(60):
    total = 0
    order = tr[torch.randperm(len(tr))]
    for chunk in order.split(50):
        optimizer.zero_grad()
        loss = loss_fn(model(X[chunk]), y[chunk])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chunk)
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = (model(X[te]).argmax(1) == y[te]).float().mean().item()
        print(f'epoch {epoch + 1}: loss {total / len(tr):.4f}, test accuracy {acc:.3f}')
