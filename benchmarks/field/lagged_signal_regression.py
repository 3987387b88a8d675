import torch
import torch.nn as nn

torch.manual_seed(269)
T, W = 6000, 12
u = torch.randn(T)
kernel = torch.tensor([0.1, 0.2, 0.5, 0.3, -0.2, 0.1, 0.4])
clean = nn.functional.conv1d(torch.nn.functional.pad(u, (6, 0))[None, None], kernel[None, None])[0, 0]
out = torch.tanh(clean) + 0.5 * clean ** 2 - 0.3
windows = u.unfold(0, W, 1)
targets = out.roll(-3 * W)[:len(windows)]
n = 4500


class ConvFilter(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 16, 5)
        self.fc1 = nn.Linear(16 * 8, 32)
        self.fc2 = nn.Linear(32, 1)

    def forward(self, x):
        x = torch.relu(self.conv(x[:, None]))
        return self.fc2(torch.relu(self.fc1(x.flatten(1)))).squeeze(1)


net = ConvFilter()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1000):
    i = torch.randint(0, n, (64,))
    loss = nn.functional.mse_loss(net(windows[i]), targets[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    e = nn.functional.mse_loss(net(windows[n:]), targets[n:]).item()
print('test mse', round(e, 4), 'variance', round(targets[n:].var().item(), 4))
