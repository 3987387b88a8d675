import os
import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(73)
d = os.environ["MNIST_DIR"]
x = np.frombuffer(gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
y = np.frombuffer(gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
x = torch.tensor(x / 255.0).float()
x = (x - x.mean()) / x.std()
y = torch.tensor(y.astype(np.int64))
p = torch.randperm(len(x))
x, y = x[p], y[p]
FRACTION = 0.02
n = int(FRACTION * len(x))
xt, yt, xv, yv = x[:n], y[:n], x[8000:], y[8000:]

model = nn.Sequential(nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 300), nn.ReLU(), nn.Linear(300, 10))
opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-5)
ce = nn.CrossEntropyLoss()
done, steps, report = 0, 1200, 120
while done < steps:
    for b in torch.randperm(n).split(50):
        loss = ce(model(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        done += 1
        if done % report == 0:
            with torch.no_grad():
                o = model(xv)
                print(f"step {done} train {loss.item():.4f} valid {ce(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.4f}")
