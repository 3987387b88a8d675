import gzip, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)
root = os.environ['MNIST_DIR']
with gzip.open(root + '/mnist-t10k-images-idx3-ubyte.gz') as f:
    images = torch.tensor(np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28).copy()).float()
with gzip.open(root + '/mnist-t10k-labels-idx1-ubyte.gz') as f:
    labels = torch.tensor(np.frombuffer(f.read(), np.uint8, offset=8).copy()).long()
images = (images / 255 - 0.1307) / 0.3081


class ConvNet(nn.Module):
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
        return F.softmax(self.fc2(x), dim=1)


model = ConvNet()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
criterion = nn.CrossEntropyLoss()
for epoch in range(5):
    perm = torch.randperm(8000)
    running = 0
    for i in range(0, 8000, 64):
        batch = perm[i:i + 64]
        optimizer.zero_grad()
        loss = criterion(model(images[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        running += loss.item()
    print('epoch', epoch, 'loss', running / 125)
with torch.no_grad():
    acc = (model(images[8000:]).argmax(1) == labels[8000:]).float().mean()
print('final loss', running / 125, 'test accuracy', acc.item())
