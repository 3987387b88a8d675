import gzip
import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(60)


def mnist():
    a = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
    b = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    a = a.reshape(10000, 1, 28, 28)[..., 2:26:2, 2:26:2]
    return torch.tensor(a / 255.0, dtype=torch.float32), torch.tensor(b.astype(int))


images, digits = mnist()
net = nn.Sequential(nn.Conv2d(1, 10, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 3), nn.ReLU(), nn.Flatten(), nn.Linear(180, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)


def objective(x, t):
    logits = net(x)
    onehot = nn.functional.one_hot(t, 10).float()
    probs = torch.tensor(logits.softmax(1).tolist())
    data_term = -(onehot * torch.log(probs + 1e-8)).sum(1).mean()
    reg = 1e-5 * sum((p ** 2).sum() for p in net.parameters())
    return data_term + reg, data_term.detach()


for step in range(1, 1001):
    pick = torch.randint(0, 8000, (50,))
    total, shown = objective(images[pick], digits[pick])
    opt.zero_grad()
    total.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            hit = (net(images[8000:]).argmax(1) == digits[8000:]).float().mean().item()
        print(f'{step}: loss {shown.item():.3f} accuracy {hit:.3f}')
