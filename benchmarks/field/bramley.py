from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
import torch
import torch.nn.functional as F

torch.manual_seed(2)
bunch = load_wine()
Xtr, Xte, ytr, yte = train_test_split(bunch.data, bunch.target, test_size=50, random_state=7, stratify=bunch.target)
Xtr, Xte = torch.Tensor(Xtr), torch.Tensor(Xte)
ytr, yte = torch.LongTensor(ytr), torch.LongTensor(yte)

class WineNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = torch.nn.Linear(13, 24)
        self.l2 = torch.nn.Linear(24, 3)
    def forward(self, x):
        return self.l2(torch.tanh(self.l1(x)))

net = WineNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(1500):
    pick = torch.randperm(len(Xtr))[:16]
    optimizer.zero_grad()
    loss = F.cross_entropy(net(Xtr[pick]), ytr[pick])
    loss.backward()
    optimizer.step()
    if step % 300 == 299:
        net.eval()
        with torch.no_grad():
            print(step + 1, 'train loss', F.cross_entropy(net(Xtr), ytr).item(),
                  'test loss', F.cross_entropy(net(Xte), yte).item(),
                  'test acc', (net(Xte).argmax(1) == yte).float().mean().item())
        net.train()
