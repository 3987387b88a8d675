import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(13)
data = load_digits()
a, b, c, d = train_test_split(data.data / 16, data.target, test_size=0.2, random_state=0)
Xtr, Xte = torch.tensor(a).float() - 0.3, torch.tensor(b).float() - 0.3
ytr, yte = torch.tensor(c), torch.tensor(d)


def init(m):
    if isinstance(m, nn.Linear):
        if m.out_features == 10:
            nn.init.normal_(m.weight, std=0.02)
        else:
            nn.init.normal_(m.weight)
        nn.init.zeros_(m.bias)


model = nn.Sequential(
    nn.Linear(64, 80), nn.ReLU(),
    nn.Linear(80, 80), nn.ReLU(),
    nn.Linear(80, 80), nn.ReLU(),
    nn.Linear(80, 10),
)
model.apply(init)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)

for epoch in range(50):
    for b in torch.randperm(len(Xtr)).split(32):
        optimizer.zero_grad()
        loss = criterion(model(Xtr[b]), ytr[b])
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            full = criterion(model(Xtr), ytr).item()
            o = model(Xte)
        print(f"epoch {epoch + 1}: train {full:.4f} test {criterion(o, yte).item():.4f} acc {(o.argmax(1) == yte).float().mean().item():.4f}")
