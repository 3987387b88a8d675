import torch
from torch import nn
from sklearn.datasets import make_multilabel_classification
from sklearn.preprocessing import scale

X, Y = make_multilabel_classification(3000, n_features=40, n_classes=12, n_labels=3, random_state=4)
X = torch.tensor(scale(X), dtype=torch.float32)
Y = torch.tensor(Y, dtype=torch.float32)
train, test = slice(0, 2400), slice(2400, None)


class FunctionNet(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_in, 128), nn.LayerNorm(128), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(128, 64), nn.LayerNorm(64), nn.ReLU(),
            nn.Linear(64, n_out),
        )

    def forward(self, x):
        return torch.sigmoid(self.layers(x))


def f1(model):
    model.eval()
    with torch.no_grad():
        o = model(X[test])
        hit = (o > 0.5).float()
    model.train()
    tp = (hit * Y[test]).sum()
    return (2 * tp / (hit.sum() + Y[test].sum()).clamp(min=1)).item()


torch.manual_seed(3)
model = FunctionNet(40, 12)
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.BCEWithLogitsLoss()
step = 0
for epoch in range(30):
    for chunk in torch.randperm(2400).split(80):
        loss = loss_fn(model(X[train][chunk]), Y[train][chunk])
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
    if epoch % 5 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f} f1 {f1(model):.3f}")
print(f"final loss {loss.item():.4f} micro-f1 {f1(model):.3f}")
