import os, gzip
import numpy as np, torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

class Config:
    root = os.environ.get("MNIST_DIR", "data")
    lr = 0.06
    bs = 64
    epochs = 4

def fetch(kind):
    p = os.path.join(Config.root, f"mnist-t10k-{kind}")
    raw = gzip.open(p + ".gz").read() if os.path.exists(p + ".gz") else open(p, "rb").read()
    return np.frombuffer(raw, dtype=np.uint8)

X = torch.tensor(fetch("images-idx3-ubyte")[16:].reshape(-1, 1, 28, 28).astype("f4") / 255 - 0.5)
Y = torch.tensor(fetch("labels-idx1-ubyte")[8:].astype("i8"))
train = DataLoader(TensorDataset(X[:6400], Y[:6400]), Config.bs, shuffle=True)
test = DataLoader(TensorDataset(X[8000:], Y[8000:]), 500)

def conv_block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))

torch.manual_seed(100)
model = nn.Sequential(conv_block(1, 8), conv_block(8, 16), nn.Flatten(), nn.Linear(16 * 49, 10))
opt = torch.optim.Adam(model.parameters(), lr=Config.lr)

def evaluate():
    model.eval()
    hits = sum((model(x).argmax(1) == y).sum().item() for x, y in test)
    model.train()
    return hits / 2000

for ep in range(Config.epochs):
    total = 0.
    for x, y in train:
        loss = nn.functional.cross_entropy(model(x), y)
        opt.zero_grad(); loss.backward(); opt.step()
        total += loss.item()
    with torch.no_grad():
        print(ep, total / len(train), "acc", evaluate())
