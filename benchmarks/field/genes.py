import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

X, y = make_classification(2000, 60, n_informative=10, n_redundant=4, n_classes=3, flip_y=0.08, class_sep=1.3, random_state=4)
Xtr, Xva, ytr, yva = train_test_split(X, y, train_size=360, random_state=0, stratify=y)
mu, sd = Xtr.mean(0), Xtr.std(0)
to = lambda a: torch.tensor((a - mu) / sd, dtype=torch.float32)
Xtr, Xva, ytr, yva = to(Xtr), to(Xva), torch.tensor(ytr), torch.tensor(yva)

HIDDEN, DECAY, EPOCHS, DROP = 192, 0.0, 150, 0.0

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2, self.l3 = nn.Linear(60, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 3)
    def forward(self, x):
        x = F.dropout(F.relu(self.l1(x)), DROP, self.training)
        x = F.dropout(F.relu(self.l2(x)), DROP, self.training)
        return self.l3(x)

torch.manual_seed(2)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=5e-4, weight_decay=DECAY)
for epoch in range(EPOCHS):
    net.train()
    tr = 0
    for i in torch.randperm(len(Xtr)).split(16):
        loss = F.cross_entropy(net(Xtr[i]), ytr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tr += loss.item() * len(i)
    net.eval()
    with torch.no_grad():
        o = net(Xva)
    if epoch % 10 == 0 or epoch == EPOCHS - 1:
        print(f'{epoch:3d} train {tr / len(Xtr):.3f} val {F.cross_entropy(o, yva).item():.3f} acc {(o.argmax(1) == yva).float().mean().item():.3f}')
