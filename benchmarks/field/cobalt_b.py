import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(13)
d = load_digits()
X = torch.tensor(d.data / 16.0, dtype=torch.float32)
y = torch.tensor(d.target)
p = torch.randperm(len(X))
train = DataLoader(TensorDataset(X[p[:1300]], y[p[:1300]]), batch_size=32, shuffle=True)
Xt, yt = X[p[1300:]], y[p[1300:]]
model = nn.Sequential(
    nn.Linear(64, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
    nn.Softmax(dim=1),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(10):
    running = 0.0
    for xb, yb in train:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print("epoch", epoch, "loss", running / len(train))
with torch.no_grad():
    o = model(Xt)
print("train", running / len(train), "test", criterion(o, yt).item(), "acc", (o.argmax(1) == yt).float().mean().item())
