import gzip, os, numpy as np, torch
from torch import nn, optim
from torch.utils.data import TensorDataset, DataLoader
torch.manual_seed(304)
D = os.environ["MNIST_DIR"]
imgs = np.frombuffer(gzip.open(D + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32)
labs = np.frombuffer(gzip.open(D + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8).astype(np.int64)
scale = 1.0
X, Y = torch.from_numpy(imgs) * scale, torch.from_numpy(labs)
dl = DataLoader(TensorDataset(X[:8000], Y[:8000]), batch_size=100, shuffle=True)
model = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))
optimizer = optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(1, 5):
    running = 0.0
    for n, (inputs, labels) in enumerate(dl):
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        if epoch == 1 and n == 0:
            print("first batch", loss.item())
        running += loss.item()
    with torch.no_grad():
        o = model(X[8000:])
        print(f"epoch {epoch} loss {running / len(dl):.4f} test {criterion(o, Y[8000:]).item():.4f} acc {(o.argmax(1) == Y[8000:]).float().mean().item():.4f}")
