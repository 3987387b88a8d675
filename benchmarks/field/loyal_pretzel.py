import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(108)
raw = load_digits()
x = torch.tensor(raw.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(raw.target)
p = torch.randperm(len(x))
train = DataLoader(TensorDataset(x[p[:1400]], y[p[:1400]]), batch_size=64, shuffle=True)
xv, yv = x[p[1400:]], y[p[1400:]]
net = nn.Sequential(nn.Linear(64, 96), nn.GELU(), nn.Dropout(0.2), nn.Linear(96, 96), nn.GELU(), nn.Dropout(0.2), nn.Linear(96, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
ce = nn.CrossEntropyLoss()
for epoch in range(25):
    net.train()
    total = 0.0
    for xb, yb in train:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = ce(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        out = net(xv).float()
    if epoch % 3 == 0:
        print(f"epoch {epoch} train {total / 1400:.4f} val {ce(out, yv).item():.4f} acc {(out.argmax(1) == yv).float().mean().item():.4f}")
