import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(21)
d = load_digits()
Xa, Xb, ya, yb = train_test_split(d.data, d.target, test_size=0.25, random_state=0)
sc = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)


class MLP(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.l1 = nn.Linear(n_in, n_hidden)
        self.l2 = nn.Linear(n_hidden, n_hidden)
        self.l3 = nn.Linear(n_hidden, n_out)
        for layer in (self.l1, self.l2, self.l3):
            nn.init.constant_(layer.weight, 0.02)
            nn.init.constant_(layer.bias, 0.0)

    def forward(self, x):
        x = torch.relu(self.l1(x))
        x = torch.relu(self.l2(x))
        return self.l3(x)


model = MLP(64, 40, 10)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(40):
    order = torch.randperm(len(Xa))
    for i in range(0, len(Xa), 50):
        j = order[i:i + 50]
        optimizer.zero_grad()
        loss = criterion(model(Xa[j]), ya[j])
        loss.backward()
        optimizer.step()
    if epoch % 5 == 0:
        print(f'epoch {epoch}: loss {loss.item():.4f}')
with torch.no_grad():
    p = model(Xb)
    print(f'test loss {criterion(p, yb).item():.4f} accuracy {(p.argmax(1) == yb).float().mean().item():.4f}')
