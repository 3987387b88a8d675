import torch, torch.nn as nn
torch.manual_seed(27)
def series(n, T=40):
    heat = torch.rand(n, 1) * 2
    t = torch.linspace(0, 1, T)
    x = 1 - torch.exp(-heat * 3 * t) + 0.1 * torch.randn(n, T)
    ph = torch.rand(n, 1) * 6.28
    x = x + 0.3 * torch.sin(12 * t + ph)
    return ((x - 0.55) / 0.4).unsqueeze(-1), (heat.squeeze(1) - 1) / 0.577
X, Y = series(3000)
class Kettle(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.LSTM(1, 24, batch_first=True)
        self.o = nn.Linear(24, 1)
    def forward(self, x):
        return self.o(self.r(x)[0].mean(1)).squeeze(1)
k = Kettle()
opt = torch.optim.RMSprop(k.parameters(), lr=0.06)
for s in range(600):
    i = torch.randint(0, 2500, (50,))
    loss = nn.functional.smooth_l1_loss(k(X[i]), Y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 60 == 59:
        with torch.no_grad():
            print(s + 1, round(loss.item(), 4), "val", round(nn.functional.smooth_l1_loss(k(X[2500:]), Y[2500:]).item(), 4))
