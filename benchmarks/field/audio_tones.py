import math
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(17)
CLASSES, L = 8, 256
freqs = torch.tensor([6., 8., 10., 13., 16., 20., 25., 31.])


def make(n):
    y = torch.randint(0, CLASSES, (n,))
    t = torch.linspace(0, 1, L)
    f = freqs[y].unsqueeze(1) * (1 + 0.03 * torch.randn(n, 1))
    x = torch.sin(2 * math.pi * f * t + 6.28 * torch.rand(n, 1)) + 0.8 * torch.randn(n, L)
    return x.unsqueeze(1), y


class ToneNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 16, 17, stride=4, padding=8)
        self.conv2 = nn.Conv1d(16, 32, 9, stride=4, padding=4)
        self.conv3 = nn.Conv1d(32, 32, 5, stride=2, padding=2)
        self.fc = nn.Linear(32, CLASSES)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        x = torch.relu(self.conv3(x)).mean(-1)
        return torch.softmax(self.fc(x), dim=1)


Xtr, ytr = make(3000)
Xva, yva = make(600)
model = ToneNet()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(14):
    running = 0.0
    for i, idx in enumerate(torch.randperm(3000).split(50)):
        optimizer.zero_grad()
        out = model(Xtr[idx])
        loss = criterion(out, ytr[idx])
        loss.backward()
        optimizer.step()
        running += loss.item()
    with torch.no_grad():
        out = model(Xva)
        print(f'epoch {epoch} loss {running / 60:.4f} val loss {criterion(out, yva):.4f} val acc {(out.argmax(1) == yva).float().mean():.3f}')
