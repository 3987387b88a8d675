import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(0)
dig = load_digits()
imgs = torch.tensor(dig.images, dtype=torch.float32)[:, None] / 8 - 1
labs = torch.tensor(dig.target)
perm = torch.randperm(len(labs))
tr, te = perm[:1450], perm[1450:]


class ConvNet(nn.Module):
    def __init__(self):
        super(ConvNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 24, 3)
        self.fc1 = nn.Linear(24 * 4 * 4, 48)
        self.fc2 = nn.Linear(48, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return F.softmax(self.fc2(x), dim=1)


net = ConvNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for epoch in range(10):
    running_loss = 0.0
    for i, idx in enumerate(tr[torch.randperm(len(tr))].split(32)):
        optimizer.zero_grad()
        outputs = net(imgs[idx])
        loss = criterion(outputs, labs[idx])
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    with torch.no_grad():
        out = net(imgs[te])
        correct = (out.argmax(1) == labs[te]).sum().item()
    print('[%d] loss: %.3f  val loss: %.3f  accuracy: %.2f%%' % (epoch + 1, running_loss / (i + 1), criterion(out, labs[te]).item(), 100 * correct / len(te)))
print('Finished Training')
