import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(5)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.2, random_state=5, stratify=y)
sc = StandardScaler().fit(Xtr)
Xtr = torch.tensor(sc.transform(Xtr), dtype=torch.float32)
Xte = torch.tensor(sc.transform(Xte), dtype=torch.float32)
ytr, yte = torch.tensor(ytr), torch.tensor(yte)

layers = []
sizes = [64, 64, 64, 64, 64, 10]
for a, b in zip(sizes[:-1], sizes[1:]):
    layers += [nn.Linear(a, b), nn.ReLU()]
model = nn.Sequential(*layers[:-1])


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.01)
        nn.init.zeros_(m.bias)


model.apply(init_weights)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
ce = nn.CrossEntropyLoss()
for epoch in range(30):
    perm = torch.randperm(len(Xtr))
    tot = 0
    for i in range(0, len(perm), 48):
        j = perm[i:i + 48]
        loss = ce(model(Xtr[j]), ytr[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(j)
    with torch.no_grad():
        out = model(Xte)
    print(f"epoch {epoch + 1}: train loss {tot / len(perm):.4f}, test loss {ce(out, yte):.4f}, test acc {(out.argmax(1) == yte).float().mean():.4f}")
