import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(21)
D = load_digits()
x = torch.tensor(D.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(D.target)
p = torch.randperm(len(x)); x, y = x[p], y[p]
model = nn.Sequential(
    nn.Linear(64, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
    nn.Softmax(dim=1),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
for epoch in range(25):
    running = 0.0
    order = torch.randperm(1400)
    for s in range(0, 1400, 40):
        b = order[s:s+40]
        optimizer.zero_grad()
        loss = criterion(model(x[b]), y[b])
        loss.backward()
        optimizer.step()
        running += loss.item()
    if epoch % 4 == 0: print(f'epoch {epoch}: loss {running / 35:.4f}')
with torch.no_grad():
    o, ot = model(x[1400:]), model(x[:1400])
print(f'train loss {criterion(ot, y[:1400]).item():.4f} acc {(ot.argmax(1) == y[:1400]).float().mean():.4f} held-out loss {criterion(o, y[1400:]).item():.4f} acc {(o.argmax(1) == y[1400:]).float().mean():.4f}')
