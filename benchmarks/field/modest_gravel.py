import gzip
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(5)
blob = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
x = torch.frombuffer(bytearray(blob[16:]), dtype=torch.uint8).view(-1, 1, 28, 28)[:, :, ::2, ::2].float() / 255
x = (x - 0.13) / 0.3
t = torch.frombuffer(bytearray(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read()[8:]), dtype=torch.uint8).long()
n_train = 150
epochs = 120
g = torch.Generator().manual_seed(3)
noisy = torch.rand(len(t), generator=g) < 0.1
t = torch.where(noisy, torch.randint(0, 10, t.shape, generator=g), t)
xt, tt = x[:n_train], t[:n_train]
xv, tv = x[7000:], t[7000:]

model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(288, 128), nn.ReLU(), nn.Linear(128, 10))
sgd = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
crit = nn.CrossEntropyLoss()
log_every = max(1, epochs // 8)
for e in range(1, epochs + 1):
    s, k = 0.0, 0
    for i in torch.randperm(n_train).split(25):
        loss = crit(model(xt[i]), tt[i])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        s, k = s + loss.item(), k + 1
    if e % log_every == 0:
        with torch.no_grad():
            o = model(xv)
            print('%3d  train %.4f  held-out %.4f  (%.1f%%)' % (e, s / k, crit(o, tv), 100 * (o.argmax(1) == tv).float().mean()))
