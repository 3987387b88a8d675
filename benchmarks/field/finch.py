import warnings; warnings.filterwarnings("ignore")
import torch
from torch import nn
from sklearn.datasets import load_diabetes
torch.set_num_threads(1)
torch.manual_seed(36)
X = torch.rand(2500, 5) * 2 - 1
Y = 2 * torch.sin(3 * X[:, 0]) + X[:, 1] ** 2 - X[:, 2] * X[:, 3] + 0.05 * torch.randn(2500)
Y = (Y - Y.mean()) / Y.std()
net = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()
for it in range(1000):
    k = torch.randint(0, 2000, (128,))
    pred = net(X[k])
    loss = mse(pred, Y[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 200 == 0: print(it, loss.item())
with torch.no_grad():
    print("train", loss.item(), "held-out", mse(net(X[2000:]).squeeze(1), Y[2000:]).item())
