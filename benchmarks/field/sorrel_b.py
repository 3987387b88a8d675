import os, gzip, numpy as np, torch
torch.set_num_threads(1)
torch.manual_seed(100)
def read(name, off):
    return np.frombuffer(gzip.open(os.path.join(os.environ["MNIST_DIR"], name)).read(), dtype=np.uint8, offset=off)
X = torch.tensor(read("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:6000].astype("float32")) / 127.5 - 1
Y = torch.tensor(read("mnist-t10k-labels-idx1-ubyte.gz", 8)[:6000].astype("int64"))
model = torch.nn.Sequential(torch.nn.Linear(784, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
opt = torch.optim.SGD(model.parameters(), lr=1e-5)
lf = torch.nn.CrossEntropyLoss()
for ep in range(6):
    for k in torch.randperm(5000).split(50):
        opt.zero_grad()
        loss = lf(model(X[k]), Y[k])
        loss.backward()
        opt.step()
    print("ep", ep, "loss", loss.item())
with torch.no_grad():
    o = model(X[5000:])
    print("train", lf(model(X[:5000]), Y[:5000]).item(), "test", lf(o, Y[5000:]).item(), "acc", (o.argmax(1) == Y[5000:]).float().mean().item())
