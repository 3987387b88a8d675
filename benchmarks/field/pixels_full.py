import gzip
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(45)
arr = lambda f, o: np.frombuffer(gzip.open('data/mnist-t10k-' + f).read(), np.uint8, offset=o).copy()
X = torch.tensor(arr('images-idx3-ubyte.gz', 16)).view(-1, 28, 28)[:, ::2, ::2].reshape(-1, 196).float()
X = (X - 33.0) / 78.0
y = torch.tensor(arr('labels-idx1-ubyte.gz', 8)).long()
Xt, yt, Xv, yv = X[:7000], y[:7000], X[7000:9000], y[7000:9000]
model = nn.Sequential(nn.Linear(196, 48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
bs, epochs = len(Xt), 300
for epoch in range(epochs):
    for b in torch.randperm(len(Xt)).split(bs):
        loss = F.cross_entropy(model(Xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % (epochs // 10 or 1) == 0 or epoch == epochs - 1:
        with torch.no_grad():
            o = model(Xv)
            print(f'epoch {epoch + 1} loss {loss.item():.4f} val {F.cross_entropy(o, yv).item():.4f} acc {(o.argmax(1) == yv).float().mean().item():.3f}')
