import torch
from torch import nn
from sklearn.datasets import load_digits
torch.manual_seed(41)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32) / 16; X = (X - X.mean()) / X.std(); y = torch.tensor(y)
p = torch.randperm(len(X)); X, y = X[p], y[p]
model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(15):
    t = 0
    for b in torch.randperm(1440).split(36):
        opt.zero_grad()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            out = model(X[b])
            loss = ce(out, y[b])
        loss.backward()
        opt.step()
        t += loss.item() / 40
    if epoch % 3 == 2:
        with torch.no_grad(), torch.autocast('cpu', dtype=torch.bfloat16):
            o = model(X[1440:]).float()
        print(epoch + 1, 'train', t, 'test', ce(o, y[1440:]).item(), 'acc', (o.argmax(1) == y[1440:]).float().mean().item())
