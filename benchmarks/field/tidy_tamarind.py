import gzip
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

root = os.environ.get("MNIST_DIR", "data")


def idx(name):
    with gzip.open(os.path.join(root, name)) as f:
        raw = f.read()
    nd = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], "big") for i in range(nd)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(shape)


images = torch.tensor(idx("mnist-t10k-images-idx3-ubyte.gz").copy()).float().unsqueeze(1) / 255
images = (images - 0.1307) / 0.3081
labels = torch.tensor(idx("mnist-t10k-labels-idx1-ubyte.gz").copy()).long()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, stride=2)
        self.conv2 = nn.Conv2d(8, 16, 5, stride=2)
        self.fc1 = nn.Linear(16 * 16, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.fc1(x.flatten(1)))
        x = self.fc2(x)
        return F.softmax(x, dim=1)


torch.manual_seed(1)
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.5)
for epoch in range(4):
    perm = torch.randperm(8000)
    for i in range(0, 8000, 64):
        j = perm[i:i + 64]
        optimizer.zero_grad()
        loss = criterion(model(images[j]), labels[j])
        loss.backward()
        optimizer.step()
    print("Epoch", epoch, "Loss", round(loss.item(), 4))
with torch.no_grad():
    pred = model(images[8000:]).argmax(1)
print("Accuracy", (pred == labels[8000:]).float().mean().item())
