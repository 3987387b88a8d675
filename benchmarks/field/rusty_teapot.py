"""Few patients, so a strong decay and little net."""
import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split

torch.manual_seed(9)
X, y = load_diabetes(return_X_y=True)
a, b, c, d = train_test_split(X, y, test_size=0.25, random_state=3)
sx, sy = StandardScaler().fit(a), StandardScaler().fit(c[:, None])
f = lambda t: torch.tensor(t, dtype=torch.float32)
xt, xv, yt, yv = f(sx.transform(a)), f(sx.transform(b)), f(sy.transform(c[:, None])), f(sy.transform(d[:, None]))

net = nn.Sequential(nn.Linear(10, 12), nn.Tanh(), nn.Linear(12, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1.0)
mse = nn.MSELoss()
for epoch in range(70):
    net.train()
    for i in torch.randperm(len(xt)).split(16):
        loss = mse(net(xt[i]), yt[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(f"epoch {epoch + 1} train {mse(net(xt), yt).item():.4f} valid {mse(net(xv), yv).item():.4f}")
