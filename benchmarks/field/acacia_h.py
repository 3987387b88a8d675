import os, random
import torch
from torch import nn
import torch.nn.functional as F

random.seed(5); torch.manual_seed(5)
names = open(os.environ['NAMES_FILE']).read().split()
names = [n for n in names if len(n) <= 8]
random.shuffle(names)
train_names, val_names = names[:250], names[-600:]
def enc(ns):
    x = torch.zeros(len(ns), 9).long(); y = torch.zeros(len(ns), 9).long() - 100
    for i, n in enumerate(ns):
        ids = torch.tensor([ord(c) - 96 for c in n])
        x[i, 1:len(n) + 1] = ids
        y[i, :len(n)] = ids
        y[i, len(n)] = 0
    return x, y
tx, ty = enc(train_names); vx, vy = enc(val_names)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.gru, self.fc = nn.Embedding(27, 24), nn.GRU(24, 96, batch_first=True), nn.Linear(96, 27)
    def forward(self, x):
        return self.fc(self.gru(self.emb(x))[0])
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
def loss_on(x, y): return F.cross_entropy(net(x).reshape(-1, 27), y.reshape(-1), ignore_index=-100)
run = []
for step in range(900):
    b = torch.randint(0, len(tx), (50,))
    loss = loss_on(tx[b], ty[b])
    opt.zero_grad(); loss.backward(); opt.step()
    run.append(loss.item())
    if step % 100 == 99:
        with torch.no_grad():
            val = loss_on(vx, vy).item()
        print(step + 1, 'train', sum(run[-50:]) / 50, 'val', val)
