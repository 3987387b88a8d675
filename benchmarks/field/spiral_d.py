import torch, math
import torch.nn as nn

def spirals(n, k=3):
    r = torch.rand(n)
    c = torch.randint(0, k, (n,))
    phi = r * 4.0 + c * 2 * math.pi / k + 0.15 * torch.randn(n)
    return torch.stack([r * torch.sin(phi), r * torch.cos(phi)], dim=1) * 2, c

class Deep(nn.Module):
    def __init__(self, width=40, depth=6):
        super().__init__()
        dims = [2] + [width] * depth
        self.hidden = nn.ModuleList([nn.Linear(dims[i], dims[i + 1]) for i in range(depth)])
        self.final = nn.Linear(width, 3)
        for l in self.hidden:
            nn.init.xavier_normal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, x):
        for l in self.hidden:
            x = torch.sigmoid(l(x))
        return self.final(x)

torch.manual_seed(60)
x, y = spirals(3000)
xt, yt = spirals(1000)
net = Deep()
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
lossf = nn.CrossEntropyLoss()
for step in range(1, 1501):
    b = torch.randint(0, 3000, (64,))
    loss = lossf(net(x[b]), y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, "loss", loss.item())
with torch.no_grad():
    print("test acc", (net(xt).argmax(1) == yt).float().mean().item(), "loss", lossf(net(xt), yt).item())
