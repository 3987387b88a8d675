import math
import torch
from torch import nn

torch.manual_seed(30)
S, C = 16, 6
g = torch.stack(torch.meshgrid(torch.arange(S), torch.arange(S), indexing='ij')).float()


def textures(n):
    y = torch.randint(0, C, (n,))
    ang = (y.float() * math.pi / C + 0.12 * torch.randn(n)).view(-1, 1, 1)
    f = 0.9 + 0.4 * torch.rand(n, 1, 1)
    wave = torch.sin(f * (ang.cos() * g[0] + ang.sin() * g[1]) + 6.28 * torch.rand(n, 1, 1))
    x = wave + 0.7 * torch.randn(n, S, S)
    return x.unsqueeze(1), y


X, Y = textures(1500)
Xv, Yv = textures(400)
layers, c = [], 1
for i, o in enumerate([12, 12, 16, 16, 24, 24, 24]):
    layers += [nn.Conv2d(c, o, 3, stride=2 if i in (2, 4) else 1, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    c = o
model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, C))
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()


def validate():
    model.eval()
    with torch.no_grad():
        o = model(Xv)
    
    return ce(o, Yv).item(), (o.argmax(1) == Yv).float().mean().item()


print('before training: val %.4f acc %.3f' % validate())
step = 0
for epoch in range(8):
    for b in torch.randperm(1500).split(30):
        opt.zero_grad()
        loss = ce(model(X[b]), Y[b])
        loss.backward()
        opt.step()
        step += 1
    v, a = validate()
    print(f'epoch {epoch + 1} step {step} loss {loss.item():.4f} val {v:.4f} acc {a:.3f}')
