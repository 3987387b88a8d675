import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1)
torch.manual_seed(70)
N = 1600
img = 0.4 * torch.randn(N, 1, 10, 10); lab = torch.randint(0, 2, (N,))
for i in range(N):
    r, c = torch.randint(0, 5, (2,)).tolist()
    if lab[i]:
        img[i, 0, r:r + 5, c + 2] += 1; img[i, 0, r + 2, c:c + 5] += 1
    else:
        img[i, 0, r:r + 5, c] += 1; img[i, 0, r:r + 5, c + 4] += 1
batch_size = 1200
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 3); self.c2 = nn.Conv2d(6, 12, 3, stride=2); self.fc = nn.Linear(12, 2)
    def forward(self, x):
        return self.fc(F.relu(self.c2(F.relu(self.c1(x)))).amax((2, 3)))
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02)
for ep in range(160):
    for k in torch.randperm(1200).split(batch_size):
        loss = F.cross_entropy(net(img[k]), lab[k])
        opt.zero_grad(); loss.backward(); opt.step()
    if ep % 40 == 0:
        print("epoch", ep, "loss", loss.item())
with torch.no_grad():
    o = net(img[1200:])
    print("train", F.cross_entropy(net(img[:1200]), lab[:1200]).item(), "val", F.cross_entropy(o, lab[1200:]).item(), "acc", (o.argmax(1) == lab[1200:]).float().mean().item())
