import torch, torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(21)
data, target = load_wine(return_X_y=True)
xa, xb, ya, yb = train_test_split(data, target, test_size=0.3, random_state=1, stratify=target)
xa, xb = torch.tensor(xa).float(), torch.tensor(xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)


class WineNet(nn.Module):
    def __init__(self, n_in=13, n_hidden=24, n_out=3):
        super().__init__()
        self.l1 = nn.Linear(n_in, n_hidden)
        self.l2 = nn.Linear(n_hidden, n_hidden)
        self.l3 = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        return self.l3(torch.tanh(self.l2(torch.tanh(self.l1(x)))))


net = WineNet()
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4)
lossf = nn.CrossEntropyLoss()
for ep in range(1, 161):
    net.train()
    for ix in torch.randperm(len(xa)).split(16):
        opt.zero_grad()
        loss = lossf(net(xa[ix]), ya[ix])
        loss.backward()
        opt.step()
    if ep % 16 == 0:
        net.eval()
        with torch.no_grad():
            ov = net(xb)
            print(f"[{ep:3d}] loss={loss.item():.4f} val_loss={lossf(ov, yb).item():.4f} val_acc={(ov.argmax(1) == yb).float().mean().item():.3f}")
