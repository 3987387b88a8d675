import torch
import torch.nn as nn

torch.manual_seed(22)
T, HID = 30, 64


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, HID, nonlinearity='relu', batch_first=True)
        nn.init.normal_(self.rnn.weight_hh_l0, std=0.25)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        self.read = nn.Linear(HID, 1)

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.read(h[:, -1]).squeeze(1)


def sample(n=50):
    v = torch.rand(n, T) - 0.5
    m = torch.zeros(n, T)
    half = T // 2
    m[torch.arange(n), torch.randint(0, half, (n,))] = 1
    m[torch.arange(n), torch.randint(half, T, (n,))] = 1
    return torch.stack([v, m], 2), ((v * m).sum(1)) * 2.5


net = Adder()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
test = sample(1000)
for step in range(1500):
    x, y = sample()
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0 or step == 1499:
        with torch.no_grad():
            print(f'{step} train {loss.item():.4f} test {nn.functional.mse_loss(net(test[0]), test[1]).item():.4f}')
