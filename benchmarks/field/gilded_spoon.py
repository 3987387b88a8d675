import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(71)


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3)
        self.conv2 = nn.Conv2d(16, 24, kernel_size=3)
        self.fc1 = nn.Linear(24 * 4 * 4, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return F.softmax(self.fc2(x), dim=1)


digits = load_digits()
X = torch.from_numpy(digits.images).float().unsqueeze(1) / 16
y = torch.from_numpy(digits.target)
order = torch.randperm(len(X))
train_idx, test_idx = order[:1400], order[1400:]
model = DigitNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(20):
    total = 0
    for batch in train_idx[torch.randperm(1400)].split(28):
        optimizer.zero_grad()
        loss = criterion(model(X[batch]), y[batch])
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 2 == 1:
        print(f'Epoch {epoch + 1}: train loss {total / 50:.4f}')
with torch.no_grad():
    out = model(X[test_idx])
    true = F.nll_loss(torch.log(out + 1e-9), y[test_idx])
    print('test accuracy', (out.argmax(1) == y[test_idx]).float().mean().item(), 'test nll', true.item())
