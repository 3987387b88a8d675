import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
torch.manual_seed(0)
X, y = load_diabetes(return_X_y=True)
y = (y - y.mean()) / y.std()
X = X / X.std(0)
a, b, ya, yb = train_test_split(X, y, test_size=0.3, random_state=0)
a, b, ya, yb = (torch.tensor(v, dtype=torch.float32) for v in (a, b, ya, yb))

width, epochs, wd = 256, 300, 0.0
net = nn.Sequential(nn.Linear(10, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=wd)
for epoch in range(epochs):
    net.train()
    ls = []
    for i in torch.randperm(len(a)).split(32):
        loss = nn.functional.mse_loss(net(a[i])[:, 0], ya[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        ls.append(loss.item())
    if (epoch + 1) % (epochs // 10) == 0:
        net.eval()
        with torch.no_grad():
            v = nn.functional.mse_loss(net(b)[:, 0], yb).item()
        print(f'epoch {epoch + 1} train {np.mean(ls):.3f} test {v:.3f}')
