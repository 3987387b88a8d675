import gzip
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(88)
torch.set_num_threads(1)
raw = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:, :, ::2, ::2].copy()).float()
lab = torch.tensor(np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype('int64'))


def augment(x):
    s = torch.rand(len(x), 1, 1, 1) * 0.4 + 0.8
    return x / 255 * s


net = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12, momentum=None), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1, bias=False), nn.BatchNorm2d(24, momentum=None), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(24 * 9, 10))
with torch.no_grad():
    shapes = [tuple(net[:k](raw[:64]).shape) for k in (4, 8)]
print('feature maps', shapes)

opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
for ep in range(4):
    net.train()
    tl = []
    for b in torch.randperm(8000).split(64):
        loss = nn.functional.cross_entropy(net(augment(raw[b])), lab[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tl.append(loss.item())
    net.eval()
    with torch.no_grad():
        o = net(raw[8000:] / 255)
        print(ep, round(np.mean(tl), 4), round(nn.functional.cross_entropy(o, lab[8000:]).item(), 4), (o.argmax(1) == lab[8000:]).float().mean().item())
