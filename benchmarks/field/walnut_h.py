import argparse
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument('--epochs', type=int, default=150)
parser.add_argument('--batch-size', type=int, default=20000)
parser.add_argument('--lr', type=float, default=1e-3)
opt_args = parser.parse_args()

torch.manual_seed(47)
N = 22000
X = torch.randn(N, 16)
centers = torch.randn(40, 16) * 1.3
lab = torch.randint(0, 6, (40,))
y = lab[torch.cdist(X, centers).argmin(1)]
train_x, train_y, test_x, test_y = X[:20000], y[:20000], X[20000:], y[20000:]
model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 6))
optimizer = torch.optim.Adam(model.parameters(), lr=opt_args.lr)
ce = nn.CrossEntropyLoss()
for epoch in range(opt_args.epochs):
    perm = torch.randperm(20000)
    for i in range(0, 20000, opt_args.batch_size):
        b = perm[i:i + opt_args.batch_size]
        optimizer.zero_grad()
        loss = ce(model(train_x[b]), train_y[b])
        loss.backward()
        optimizer.step()
    if (epoch + 1) % max(1, opt_args.epochs // 5) == 0:
        with torch.no_grad():
            o = model(test_x)
            print(epoch + 1, 'train', ce(model(train_x), train_y).item(), 'test', ce(o, test_y).item(), 'acc', (o.argmax(1) == test_y).float().mean().item())
