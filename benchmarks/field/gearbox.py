import gzip, os
import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

def read_idx(name):
    with gzip.open(os.path.join(os.environ['MNIST_DIR'], name)) as f:
        raw = f.read()
    nd = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], 'big') for i in range(nd)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * nd).reshape(shape)

torch.manual_seed(11)
x = torch.tensor(read_idx('mnist-t10k-images-idx3-ubyte.gz')).float().unsqueeze(1) / 255
y = torch.tensor(read_idx('mnist-t10k-labels-idx1-ubyte.gz')).long()
x = (x - 0.1325) / 0.3105
train = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=64, shuffle=True)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 5, stride=2)
        self.c2 = nn.Conv2d(8, 16, 3, stride=2)
        self.fc = nn.Linear(16 * 25, 64)
        self.head = nn.Linear(64, 10)
        for m in (self.c1, self.c2, self.fc):
            nn.init.kaiming_normal_(m.weight, nonlinearity='relu')
            nn.init.zeros_(m.bias)
        nn.init.normal_(self.head.weight, std=2.5)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        x = torch.relu(self.c1(x))
        x = torch.relu(self.c2(x))
        x = torch.relu(self.fc(x.flatten(1)))
        return self.head(x)

net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss()
for ep in range(3):
    tot, cnt = 0., 0
    for xb, yb in train:
        opt.zero_grad()
        loss = crit(net(xb), yb)
        loss.backward()
        opt.step()
        tot += loss.item() * len(xb)
        cnt += len(xb)
    with torch.no_grad():
        out = net(x[8000:])
        print(f'epoch {ep} train {tot/cnt:.4f} test loss {crit(out, y[8000:]).item():.4f} acc {(out.argmax(1) == y[8000:]).float().mean():.4f}')
