import gzip, os
import numpy as np
import torch
from torch import nn, optim

rs = np.random.RandomState(23)


def open_gz(name, skip):
    with gzip.open(os.path.join(os.environ.get("MNIST_DIR", "data"), name), "rb") as f:
        return np.frombuffer(f.read(), dtype=np.uint8, offset=skip)


images = open_gz("mnist-t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
labels = open_gz("mnist-t10k-labels-idx1-ubyte.gz", 8)
# shuffle before the split
order = rs.permutation(len(images))
images = images[order]
images = torch.from_numpy(images[:, None].astype(np.float32) / 127.5 - 1)
labels = torch.from_numpy(labels.astype(np.int64))
train_x, train_y = images[:5000], labels[:5000]
valid_x, valid_y = images[9000:], labels[9000:]


class LeNetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, stride=2)
        self.conv2 = nn.Conv2d(6, 16, 5, stride=2)
        self.fc1 = nn.Linear(256, 40)
        self.fc2 = nn.Linear(40, 10)

    def forward(self, x):
        x = torch.tanh(self.conv1(x))
        x = torch.tanh(self.conv2(x)).flatten(1)
        return self.fc2(torch.tanh(self.fc1(x)))


torch.manual_seed(23)
net = LeNetish()
optimizer = optim.RMSprop(net.parameters(), lr=5e-4)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)
for epoch in range(6):
    for start in range(0, 5000, 40):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(train_x[start:start + 40]), train_y[start:start + 40])
        loss.backward()
        optimizer.step()
    scheduler.step()
    with torch.no_grad():
        o = net(valid_x)
        print("epoch", epoch, "valid loss", round(nn.functional.cross_entropy(o, valid_y).item(), 4), "acc", round((o.argmax(1) == valid_y).float().mean().item(), 4))
