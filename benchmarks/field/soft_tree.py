import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification

X, y = make_classification(5000, 16, n_informative=12, n_redundant=0, n_classes=5, n_clusters_per_class=2, class_sep=1.4, random_state=5)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor(y)

class SoftTree(nn.Module):
    def __init__(self, d, classes, depth=5, temperature=0.02):
        super().__init__()
        self.depth, self.temp = depth, temperature
        self.split = nn.Linear(d, 2 ** depth - 1)
        self.leaf = nn.Parameter(0.1 * torch.randn(2 ** depth, classes))

    def forward(self, x):
        p = torch.sigmoid(self.split(x) / self.temp)
        reach = x.new_ones(len(x), 1)
        start = 0
        for level in range(self.depth):
            n = 2 ** level
            g = p[:, start:start + n]
            reach = torch.stack([reach * g, reach * (1 - g)], 2).flatten(1)
            start += n
        return torch.log(reach @ self.leaf.softmax(1) + 1e-8)

torch.manual_seed(0)
tree = SoftTree(16, 5)
opt = torch.optim.Adam(tree.parameters(), lr=0.01)
for step in range(3000):
    i = torch.randint(0, 4000, (64,))
    loss = F.nll_loss(tree(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            o = tree(X[4000:])
        print(step + 1, 'train', round(loss.item(), 3), 'test', round(F.nll_loss(o, y[4000:]).item(), 3), 'acc', round((o.argmax(1) == y[4000:]).float().mean().item(), 3))
