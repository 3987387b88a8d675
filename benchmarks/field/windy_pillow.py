import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(19)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16 - 0.3
y = torch.tensor(d.target)
sh = torch.randperm(len(X))
X, y = X[sh], y[sh]

encoder = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(),
    nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(24 * 16, 48), nn.ReLU())
classifier = nn.Linear(48, 10)
opt_e = torch.optim.SGD(encoder.parameters(), lr=0.02, momentum=0.9)
opt_c = torch.optim.SGD(classifier.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()


def train_one(xb, yb):
    opt_c.zero_grad()
    loss = ce(classifier(encoder(xb)), yb)
    loss.backward()
    opt_e.step()
    opt_c.step()
    return loss.item()


def test():
    with torch.no_grad():
        o = classifier(encoder(X[1400:]))
        return ce(o, y[1400:]).item(), (o.argmax(1) == y[1400:]).float().mean().item()


for epoch in range(16):
    hist = [train_one(X[i], y[i]) for i in torch.randperm(1400).split(40)]
    l, a = test()
    print('epoch', epoch, 'train', round(sum(hist) / len(hist), 4), 'test', round(l, 4), 'accuracy', round(a, 4))
