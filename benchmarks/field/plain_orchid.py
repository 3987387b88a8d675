import torch
import torch.nn as nn

torch.manual_seed(25)


class SigNet(nn.Module):
    def __init__(self, d=6, h=64, bias_start=12.0):
        super().__init__()
        self.a = nn.Linear(d, h)
        self.b = nn.Linear(h, h)
        self.c = nn.Linear(h, 1)
        for m in (self.a, self.b):
            nn.init.xavier_normal_(m.weight)
            nn.init.constant_(m.bias, bias_start)

    def forward(self, x):
        x = torch.sigmoid(self.a(x))
        x = torch.sigmoid(self.b(x))
        return self.c(x)


x = torch.randn(5000, 6)
y = torch.tanh(x[:, 0] * x[:, 1]) + 0.7 * torch.sin(x[:, 2] + x[:, 3]) + 0.05 * torch.randn(5000)
y = ((y - y.mean()) / y.std()).unsqueeze(-1)
model = SigNet()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for i in range(3000):
    j = torch.randint(0, 4500, (100,))
    loss = nn.functional.smooth_l1_loss(model(x[j]), y[j])
    opt.zero_grad(); loss.backward(); opt.step()
    if i % 1000 == 0:
        print('it', i, 'loss', loss.item())
with torch.no_grad():
    print('train loss', nn.functional.smooth_l1_loss(model(x[:4500]), y[:4500]).item(), 'val loss', nn.functional.smooth_l1_loss(model(x[4500:]), y[4500:]).item())
