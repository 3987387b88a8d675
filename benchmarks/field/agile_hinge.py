import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(107)


def draw(n, s=16):
    img = torch.zeros(n, 1, s, s)
    seg = torch.zeros(n, s, s, dtype=torch.long)
    for i in range(n):
        gain, off = 0.3 + 3 * torch.rand(1), 4 * torch.randn(1)
        a, b = torch.randint(0, s - 6, (2,)).tolist()
        seg[i, a:a + 5, b:b + 5] = 1
        c = torch.randint(0, s - 2, (1,)).item()
        seg[i, c:c + 2, :] = 2
        img[i, 0] = gain * (seg[i].float() - 0.5 + 0.25 * torch.randn(s, s)) + off
    return img, seg


def norm(c):
    return nn.BatchNorm2d(c)


class Seg(nn.Module):
    def __init__(self, w=12):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(1, w, 3, padding=1, bias=False), norm(w), nn.ReLU())
        self.b = nn.Sequential(nn.Conv2d(w, 2 * w, 3, 2, 1, bias=False), norm(2 * w), nn.ReLU())
        self.c = nn.Sequential(nn.Conv2d(2 * w, 2 * w, 3, padding=1, bias=False), norm(2 * w), nn.ReLU())
        self.up = nn.ConvTranspose2d(2 * w, w, 2, 2)
        self.out = nn.Conv2d(2 * w, 3, 3, padding=1)

    def forward(self, x):
        a = self.a(x)
        return self.out(torch.cat([a, self.up(self.c(self.b(a)))], 1))


x, y = draw(900)
model = Seg()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
s = 0.0
for step in range(1, 2001):
    model.train()
    i = torch.randint(0, 700, (2,))
    loss = ce(model(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    s += loss.item() / 200
    if step % 200 == 0:
        model.eval()
        with torch.no_grad():
            o = model(x[700:])
        print(f'{step:5d} {s:.4f} {ce(o, y[700:]).item():.4f} pixel acc {(o.argmax(1) == y[700:]).float().mean().item():.4f}')
        s = 0.0
