import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(0)
d = torch.tensor(load_digits().data, dtype=torch.float32) / 16.0
d = d - d.mean(0)
d = d / d.std()

enc = nn.Sequential(nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 8))
dec = nn.Sequential(nn.Linear(8, 64), nn.GELU(), nn.Linear(64, 64))
optim = torch.optim.AdamW(list(enc.parameters()) + list(dec.parameters()), lr=3e-6)
n_train = 1500
for epoch in range(40):
    order = torch.randperm(n_train)
    for k in range(0, n_train, 50):
        b = d[order[k:k + 50]]
        rec = dec(enc(b))
        loss = ((rec - b) ** 2).mean()
        optim.zero_grad()
        loss.backward()
        optim.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            t = d[n_train:]
            print("epoch", epoch + 1, "train", round(loss.item(), 4), "test", round(((dec(enc(t)) - t) ** 2).mean().item(), 4))
