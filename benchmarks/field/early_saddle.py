import gzip
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(9)
torch.set_num_threads(1)

x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
x = torch.from_numpy(x.copy())[:, :, ::2, ::2].float() / 255.0
y = torch.from_numpy(y.astype(np.int64))
train_dl = DataLoader(TensorDataset(x[:6000], y[:6000]), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(x[6000:8000], y[6000:8000]), batch_size=500)


def make_model():
    def conv(i, o, s):
        return nn.Sequential(nn.Conv2d(i, o, 3, stride=s, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
    return nn.Sequential(conv(1, 8, 1), conv(8, 16, 2), conv(16, 16, 1), conv(16, 32, 2), conv(32, 32, 1),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(32, 10))


def evaluate(model):
    model.eval()
    loss = correct = n = 0
    with torch.no_grad():
        for xb, yb in valid_dl:
            out = model(xb)
            loss += nn.functional.cross_entropy(out, yb, reduction='sum').item()
            correct += (out.argmax(1) == yb).sum().item()
            n += len(yb)
    return loss / n, correct / n


model = make_model()
print('at start: %.3f %.3f' % evaluate(model))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(4):
    seen = 0
    for i, (xb, yb) in enumerate(train_dl):
        loss = nn.functional.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += loss.item()
    print('epoch %d train %.3f valid %.3f acc %.3f' % (epoch, seen / len(train_dl), *evaluate(model)))
