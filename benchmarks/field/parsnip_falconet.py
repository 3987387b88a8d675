import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(77)
X, y = load_breast_cancer(return_X_y=True)
p = torch.randperm(len(X)).numpy()
X, y = X[p], y[p]
sc = StandardScaler().fit(X[:420])
X, y = torch.tensor(sc.transform(X), dtype=torch.float32), torch.tensor(y)
net = nn.Sequential(nn.Linear(30, 48), nn.LayerNorm(48), nn.GELU(), nn.Dropout(0.3), nn.Linear(48, 2))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
for epoch in range(15):
    net.train()
    for b in torch.randperm(420).split(20):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = net(X[b])
        loss = nn.functional.cross_entropy(out.float(), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        print("epoch", epoch, round(loss.item(), 4))
net.eval()
with torch.no_grad():
    print("test accuracy", (net(X[420:]).argmax(1) == y[420:]).float().mean().item())
