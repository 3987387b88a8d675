import torch
import torch.nn.functional as F

torch.manual_seed(23)
C = 8
centers = torch.randn(C * 4, 20)


def sample(n):
    k = torch.randint(0, C * 4, (n,))
    return centers[k] + 0.75 * torch.randn(n, 20), k % C


x, y = sample(6000)
xv, yv = sample(2000)


class Dense(torch.nn.Module):
    def __init__(self, fan_in, fan_out, gain=1.0):
        super().__init__()
        self.gain = gain
        self.weight = torch.nn.Parameter(torch.randn(fan_in, fan_out) * (2 / fan_in) ** 0.5 / gain)
        self.bias = torch.nn.Parameter(torch.zeros(fan_out))

    def forward(self, h):
        return self.gain * (h @ self.weight) + self.bias


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Dense(20, 64, gain=0.02)
        self.b = Dense(64, 64, gain=0.02)
        self.c = Dense(64, C)

    def forward(self, h):
        h = F.relu(self.a(h))
        h = F.relu(self.b(h))
        return self.c(h)


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=2000)
for step in range(2000):
    i = torch.randint(0, len(x), (64,))
    loss = F.cross_entropy(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 200 == 0:
        print(f"step {step:4d} loss {loss.item():.4f}")
with torch.no_grad():
    print(f"final train {F.cross_entropy(net(x), y).item():.4f} held-out {F.cross_entropy(net(xv), yv).item():.4f}")
