import os, gzip, numpy as np, torch, torch.nn as nn, torch.nn.functional as F

r = os.environ.get("MNIST_DIR", "data")
X = np.frombuffer(gzip.open(f"{r}/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = torch.tensor(np.frombuffer(gzip.open(f"{r}/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype("int64"))
X = torch.tensor(X.astype("float32") / 255)
low, high = y < 5, y >= 5


def trunk():
    return nn.Sequential(nn.Conv2d(1, 12, 4, stride=2), nn.ReLU(), nn.Conv2d(12, 24, 4, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(600, 64), nn.ReLU())


def fit(model, params, x, t, epochs, tag):
    opt = torch.optim.Adam(params, lr=2e-3)
    cut = len(x) - 800
    for e in range(epochs):
        for b in torch.randperm(cut).split(50):
            loss = F.cross_entropy(model(x[b]), t[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            print(tag, e, "loss", round(loss.item(), 4), "acc", round((model(x[cut:]).argmax(1) == t[cut:]).float().mean().item(), 4))


torch.manual_seed(0)
base = trunk()
source = nn.Sequential(base, nn.Linear(64, 5))
fit(source, source.parameters(), X[low], y[low], 4, "source")

# the features stay as they are, only a new head is learnt
for p in base.parameters():
    p.requires_grad_(False)
target = nn.Sequential(base, nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 5))
fit(target, [p for p in target.parameters() if p.requires_grad], X[high], y[high] - 5, 9, "target")
