import torch
import torch.nn as nn
torch.manual_seed(10)
V, C, L = 200, 10, 12
topic = torch.randn(C, V) * 0.8
probs = torch.softmax(topic, 1)
def docs(n):
    y = torch.randint(0, C, (n,))
    return torch.multinomial(probs[y], L, replacement=True), y
xtr, ytr = docs(24000)
xte, yte = docs(1000)
encoder = nn.Embedding(V, 8)
hidden = nn.Linear(8, 32)
clf = nn.Linear(32, C)
def model(x):
    return clf(torch.relu(hidden(encoder(x).mean(1) * 3)))
opt = torch.optim.Adam(list(hidden.parameters()) + list(clf.parameters()), lr=1e-2)
for step in range(900):
    b = torch.randint(0, 24000, (128,))
    loss = nn.functional.cross_entropy(model(xtr[b]), ytr[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0: print(f'step {step}: {loss.item():.4f}')
with torch.no_grad():
    print(f'train {nn.functional.cross_entropy(model(xtr), ytr).item():.4f} held-out {nn.functional.cross_entropy(model(xte), yte).item():.4f} acc {(model(xte).argmax(1) == yte).float().mean().item():.4f}')
