import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class Features(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 3, padding=1)
        self.c2 = nn.Conv2d(6, 4, 3, stride=2, padding=1)
        self.c3 = nn.Conv2d(4, 2, 3, stride=2, padding=1)

    def forward(self, x):
        x = torch.relu(self.c1(x))
        x = torch.relu(self.c2(x))
        return torch.relu(self.c3(x)).flatten(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = Features()
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.features(x))


torch.manual_seed(10)
dg = load_digits()
x = torch.tensor(dg.images, dtype=torch.float32)[:, None]
x = (x - x.mean()) / x.std()
t = torch.tensor(dg.target)
model = Classifier()
opt = torch.optim.Adam(model.head.parameters(), lr=5e-3)
for step in range(1200):
    i = torch.randint(0, 1400, (50,))
    opt.zero_grad()
    loss = nn.functional.cross_entropy(model(x[i]), t[i])
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(f"{step}: {loss.item():.4f}")
with torch.no_grad():
    print(f"accuracy {(model(x[1400:]).argmax(1) == t[1400:]).float().mean().item():.4f}")
