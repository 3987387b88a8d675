import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(21)
N = 8000
temp_k = 273.15 + 25 * torch.rand(N)            # kelvin
pressure = 101325 + 1500 * torch.randn(N)       # pascal
humid = torch.rand(N)                           # fraction
wind = 6 * torch.rand(N)                        # m/s
feel = (temp_k - 273.15) - 0.8 * wind + 5 * humid ** 2 * ((temp_k - 273.15) / 20) + (pressure - 101325) / 1500 * 2
X = torch.stack([temp_k, pressure, humid, wind], dim=1)
Y = ((feel - feel.mean()) / feel.std()).unsqueeze(1) + 0.05 * torch.randn(N, 1)

train, test = random_split(TensorDataset(X, Y), [7000, 1000], generator=torch.Generator().manual_seed(0))
loader = DataLoader(train, batch_size=64, shuffle=True)


class Reg(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = torch.nn.Linear(4, 64)
        self.l2 = torch.nn.Linear(64, 64)
        self.l3 = torch.nn.Linear(64, 1)

    def forward(self, x):
        x = torch.tanh(self.l1(x))
        x = torch.tanh(self.l2(x))
        return self.l3(x)


net = Reg()
opt = torch.optim.NAdam(net.parameters(), lr=2e-3)
for epoch in range(20):
    tot = 0.0
    for xb, yb in loader:
        loss = (net(xb) - yb).pow(2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
        tot += loss.item() * len(xb)
    if epoch % 5 == 4:
        print(epoch + 1, tot / 7000)
xt, yt = test.dataset[test.indices]
print('final train mse %.4f held-out mse %.4f' % (tot / 7000, (net(xt) - yt).pow(2).mean().item()))
