import torch
from torch import nn

torch.manual_seed(66)


def henon(n):
    x, y = 0.1, 0.1
    out = []
    for _ in range(n + 100):
        x, y = 1 - 1.4 * x * x + y, 0.3 * x
        out.append(x)
    return torch.tensor(out[100:])


s = henon(4000)
s = (s - s.mean()) / s.std()
seqs = s.unfold(0, 26, 6)
train, test = seqs[:550], seqs[560:]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.read = nn.Linear(32, 1)

    def forward(self, v):
        return self.read(self.lstm(v.unsqueeze(-1))[0]).squeeze(-1)


m = Model()
opt = torch.optim.RMSprop(m.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 12, 0.4)
for epoch in range(36):
    for b in torch.randperm(550).split(25):
        loss = nn.functional.mse_loss(m(train[b, :-1])[:, 4:], train[b, 1:][:, 4:])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(m.parameters(), 0.5)
        opt.step()
    sched.step()
    if epoch % 6 == 0:
        print(epoch, round(loss.item(), 5))
with torch.no_grad():
    print("one-step test mse", nn.functional.mse_loss(m(test[:, :-1])[:, 4:], test[:, 1:][:, 4:]).item())
