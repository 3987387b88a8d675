import gzip, os
import numpy as np, torch
torch.manual_seed(0)
d = os.environ['MNIST_DIR']
img = np.frombuffer(gzip.open(f'{d}/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 784)
lab = np.frombuffer(gzip.open(f'{d}/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
X = torch.tensor(img, dtype=torch.float32) / 255
X = (X - X.mean()) / X.std()
y = torch.tensor(lab.astype('int64'))
sizes = [784, 128, 128, 128, 128, 128, 10]
Ws = [torch.randn(a, b) * 0.01 for a, b in zip(sizes, sizes[1:])]
bs = [torch.zeros(b) for b in sizes[1:]]
for p in Ws + bs:
    p.requires_grad = True

def net(x):
    for W, b in zip(Ws[:-1], bs[:-1]):
        x = torch.tanh(x @ W + b)
    return x @ Ws[-1] + bs[-1]

opt = torch.optim.SGD(Ws + bs, lr=0.05, momentum=0.5)
for it in range(1500):
    idx = torch.randint(0, 8500, (64,))
    loss = torch.nn.functional.cross_entropy(net(X[idx]), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 300 == 0:
        print(it, float(loss))
with torch.no_grad():
    tl = torch.nn.functional.cross_entropy(net(X[:8500]), y[:8500]).item()
    acc = (net(X[8500:]).argmax(1) == y[8500:]).float().mean().item()
print('final train loss %.4f  test acc %.4f' % (tl, acc))
