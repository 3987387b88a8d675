import torch
from torch import nn

torch.manual_seed(33)
VOC, CLS = 300, 4
topic = torch.softmax(torch.randn(CLS, VOC) * 0.55, 1)


def corpus(n):
    lab = torch.randint(0, CLS, (n,))
    words = torch.stack([torch.multinomial(topic[c], 30, replacement=True) for c in lab])
    counts = torch.zeros(n, VOC).scatter_add_(1, words, torch.ones_like(words, dtype=torch.float))
    return counts, lab


xtr, ytr = corpus(400)
wrong = torch.rand(400) < 0.25
ytr[wrong] = torch.randint(0, CLS, (int(wrong.sum()),))
xva, yva = corpus(1000)
mu, sd = xtr.mean(0), xtr.std(0) + 0.1
xtr, xva = (xtr - mu) / sd, (xva - mu) / sd

model = nn.Sequential(nn.Dropout(0.5), nn.Linear(VOC, 128), nn.ReLU(), nn.Dropout(0.6), nn.Linear(128, CLS))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()
model.eval()
for epoch in range(120):
    for b in torch.randperm(400).split(40):
        loss = loss_fn(model(xtr[b]), ytr[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 8 == 7:
        model.eval()
        with torch.no_grad():
            v = model(xva)
            print(f"epoch {epoch} train {loss.item():.4f} valid {loss_fn(v, yva).item():.4f} acc {(v.argmax(1) == yva).float().mean().item():.3f}")
