import gzip
import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
raw = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
imgs = torch.tensor(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)[:, ::2, ::2].copy())
X = imgs.float().div(255).reshape(len(imgs), -1)
Xc = X - X[:4000].mean(0)
train, val = Xc[:4000], Xc[4000:5000]

encoder = nn.Sequential(nn.Linear(196, 96), nn.ReLU(), nn.Linear(96, 16))
decoder = nn.Sequential(nn.Linear(16, 96), nn.ReLU(), nn.Linear(96, 196))
params = list(encoder.parameters()) + list(decoder.parameters())
optimizer = torch.optim.Adam(params, lr=2e-3)
mse = nn.MSELoss()

for epoch in range(15):
    optimizer.zero_grad()
    for batch in torch.randperm(len(train)).split(64):
        x = train[batch]
        loss = mse(decoder(encoder(x)), x)
        
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        v = mse(decoder(encoder(val)), val)
    print(f'epoch {epoch + 1:2d}: loss {loss.item():.5f}, validation {v.item():.5f}')
