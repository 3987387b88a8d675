import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(4)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float() / 16
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
perm = torch.randperm(len(y)); X, y = X[perm], y[perm]
model = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))
for m in model:
    if hasattr(m, 'weight'):
        nn.init.constant_(m.weight, 0.02)
        nn.init.constant_(m.bias, 0.0)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
def evaluate(lo, hi):
    with torch.no_grad():
        o = model(X[lo:hi])
        return ce(o, y[lo:hi]).item(), (o.argmax(1) == y[lo:hi]).float().mean().item()
for epoch in range(20):
    idx = torch.randperm(1400)
    for k in range(0, 1400, 50):
        j = idx[k:k+50]
        opt.zero_grad()
        loss = ce(model(X[j]), y[j])
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        print('epoch %d loss %.4f' % (epoch, loss.item()))
print('train loss %.4f acc %.4f' % evaluate(0, 1400), 'held-out loss %.4f acc %.4f' % evaluate(1400, 1797))
