import gzip
import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(1)
I = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:, :, ::2, ::2]
L = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8).astype(np.int64)
I, L = torch.tensor(I / 255.0).float(), torch.tensor(L)
low, high = L < 5, L >= 5

backbone = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(288, 64), nn.ReLU())


def train(head, params, x, y, epochs, tag, lr=2e-3):
    opt = torch.optim.Adam(params, lr=lr)
    n = int(0.85 * len(x))
    for e in range(epochs):
        s = 0.0
        for b in torch.randperm(n).split(50):
            loss = nn.functional.cross_entropy(head(backbone(x[b])), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item() * len(b) / n
        with torch.no_grad():
            o = head(backbone(x[n:]))
        print(tag, e, round(s, 4), round(nn.functional.cross_entropy(o, y[n:]).item(), 4), (o.argmax(1) == y[n:]).float().mean().item())


source_head = nn.Linear(64, 5)
train(source_head, [*backbone.parameters(), *source_head.parameters()], I[low], L[low], 3, 'source')
for p in backbone.parameters():
    p.requires_grad_(False)
new_head = nn.Sequential(nn.Linear(288, 64), nn.ReLU(), nn.Linear(64, 5))
backbone = backbone[:7]
train(new_head, new_head.parameters(), I[high], L[high] - 5, 8, 'target', lr=1.5e-3)
