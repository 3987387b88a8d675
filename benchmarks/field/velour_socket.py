import torch
from torch import nn
from sklearn.datasets import make_multilabel_classification

torch.set_num_threads(1)
torch.manual_seed(38)
X, Y = make_multilabel_classification(6000, 24, n_classes=6, n_labels=2, random_state=4)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
Y = torch.tensor(Y).float()


class Tagger(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(24, 64), act(), nn.Linear(64, 64), act(), nn.Linear(64, 6), nn.Sigmoid())

    def forward(self, x):
        return self.layers(x)


net = Tagger(nn.SiLU)
lossf = nn.BCEWithLogitsLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)


def f1(threshold):
    with torch.no_grad():
        p = net(X[5000:]) > threshold
    t = Y[5000:] > 0.5
    tp = (p & t).sum().item()
    return 2 * tp / max(1, (p.sum() + t.sum()).item())


for epoch in range(20):
    m = 0.0
    for i in torch.randperm(5000).split(50):
        loss = lossf(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        m += loss.item() / 100
    if epoch % 2:
        with torch.no_grad():
            v = lossf(net(X[5000:]), Y[5000:]).item()
        print(f'epoch {epoch:2d} train {m:.4f} valid {v:.4f} f1 {f1(0.5):.3f}')
