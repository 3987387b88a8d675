import torch
from torch import nn
from sklearn.datasets import load_digits


class ConvINReLU(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(nn.Conv2d(i, o, 3, padding=1), nn.InstanceNorm2d(o, affine=True), nn.LeakyReLU(0.2))


class Restorer(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.body = nn.Sequential(ConvINReLU(1, width), ConvINReLU(width, width), ConvINReLU(width, width))
        self.tail = nn.Conv2d(width + 1, 1, 3, padding=1)

    def forward(self, x):
        return x + self.tail(torch.cat([self.body(x), x], 1))


torch.manual_seed(16)
clean = torch.tensor(load_digits().images).float()[:, None] / 16
kernel = torch.ones(1, 1, 3, 3) / 9
blurred = nn.functional.conv2d(clean, kernel, padding=1) + 0.02 * torch.randn_like(clean)
order = torch.randperm(len(clean))
tr, te = order[:1500], order[1500:]
model = Restorer()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
for epoch in range(12):
    for b in torch.split(tr[torch.randperm(1500)], 30):
        opt.zero_grad()
        loss = nn.functional.l1_loss(model(blurred[b]), clean[b])
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            mse = (model(blurred[te]) - clean[te]).pow(2).mean()
        print("epoch", epoch + 1, "l1", round(loss.item(), 4), "test psnr", round((-10 * mse.log10()).item(), 3))
