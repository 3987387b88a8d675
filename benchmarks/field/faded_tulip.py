import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(89)
X, y = make_moons(4000, noise=0.2, random_state=89)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32).unsqueeze(1)
X_train, y_train, X_test, y_test = X[:3000], y[:3000], X[3000:], y[3000:]


class Classifier(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.out = nn.Linear(hidden, 1)
        self.act = nn.Softmax(dim=1)

    def forward(self, x):
        return self.act(self.out(self.hidden(x)))


model = Classifier()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(12):
    losses = []
    for i in torch.randperm(3000).split(60):
        p = model(X_train[i])
        loss = criterion(p, y_train[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"epoch {epoch + 1} brier {sum(losses) / len(losses):.4f}")
with torch.no_grad():
    p = model(X_test)
    acc = ((p > 0.5).float() == y_test).float().mean().item()
    print(f"final train {criterion(model(X_train), y_train).item():.4f} test {criterion(p, y_test).item():.4f} acc {acc:.4f}")
