import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler

X, y = make_classification(24000, 20, n_informative=14, n_redundant=2, n_clusters_per_class=12, class_sep=1.0, random_state=9)
X = StandardScaler().fit_transform(X)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
BATCH = 4000
EPOCHS = 60

torch.manual_seed(0)
loader = torch.utils.data.TensorDataset(X[:20000], y[:20000])
net = nn.Sequential(nn.Linear(20, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(EPOCHS):
    tot = 0
    for j in torch.randperm(20000).split(BATCH):
        loss = bce(net(X[j]).squeeze(1), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(j)
    if epoch % 10 == 9:
        with torch.no_grad():
            o = net(X[20000:]).squeeze(1)
        print(epoch + 1, f'train {tot / 20000:.4f} test {bce(o, y[20000:]).item():.4f} acc {((o > 0).float() == y[20000:]).float().mean():.3f}')
