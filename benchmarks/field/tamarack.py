import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(0)
data = load_digits()
X = torch.tensor(data.data, dtype=torch.float32)
X = (X - X.mean(0)) / (X.std(0) + 1e-2)
y = torch.tensor(data.target)
perm = torch.randperm(len(X))
tr, te = perm[:1400], perm[1400:]

layers = []
sizes = [64, 96, 96, 96, 96, 96, 96]
for i, o in zip(sizes[:-1], sizes[1:]):
    layers += [nn.Linear(i, o), nn.ReLU()]
layers.append(nn.Linear(96, 10))
model = nn.Sequential(*layers)

def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, 0.0, 0.03)
        nn.init.zeros_(m.bias)

model.apply(init_weights)
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)

for epoch in range(60):
    order = tr[torch.randperm(len(tr))]
    losses = []
    for k in range(0, len(order), 64):
        b = order[k:k + 64]
        loss = F.cross_entropy(model(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if epoch % 10 == 9:
        with torch.no_grad():
            acc = (model(X[te]).argmax(1) == y[te]).float().mean()
        print(f'{epoch + 1:3d} loss {sum(losses)/len(losses):.4f} acc {acc:.3f}')
