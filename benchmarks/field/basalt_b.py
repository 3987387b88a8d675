import torch, torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
torch.set_num_threads(1)
torch.manual_seed(0)
d = load_breast_cancer()
X = torch.tensor(StandardScaler().fit_transform(d.data), dtype=torch.float32)
y = torch.tensor(d.target, dtype=torch.float32)
perm = torch.randperm(len(X))
tr, va = perm[:420], perm[420:]
layers = []
w = 30
for _ in range(5):
    lin = nn.Linear(w, 64)
    nn.init.normal_(lin.weight, std=0.01)
    nn.init.zeros_(lin.bias)
    layers += [lin, nn.ReLU()]
    w = 64
layers.append(nn.Linear(64, 1))
net = nn.Sequential(*layers)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
for it in range(500):
    i = tr[torch.randint(0, len(tr), (42,))]
    loss = bce(net(X[i]).squeeze(1), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 100 == 0:
        print("iter", it, "loss", loss.item())
with torch.no_grad():
    a, b = net(X[tr]).squeeze(1), net(X[va]).squeeze(1)
print("train %.4f valid %.4f acc %.4f" % (bce(a, y[tr]), bce(b, y[va]), ((b > 0).float() == y[va]).float().mean()))
