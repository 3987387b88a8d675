import torch
from torch import nn
from torch.nn import functional as F
from sklearn import datasets

torch.manual_seed(21)
ds = datasets.load_digits()
im = torch.from_numpy(ds.images).float()[:, None] / 8 - 1
lb = torch.from_numpy(ds.target).long()
shuf = torch.randperm(len(im))
im, lb = im[shuf], lb[shuf]
blur = torch.tensor([[1., 2., 1.], [2., 4., 2.], [1., 2., 1.]]) / 16

conv1 = nn.Conv2d(1, 16, 3, padding=1)
conv2 = nn.Conv2d(16, 32, 3, padding=1)
head = nn.Linear(32 * 4, 10)
with torch.no_grad():
    # begin from a soft smoothing filter
    conv1.weight.copy_(blur.expand_as(conv1.weight))
    conv2.weight.copy_(blur.expand_as(conv2.weight) / 8)
    conv1.bias.zero_(); conv2.bias.zero_()
    head.weight.zero_(); head.bias.zero_()
plist = [*conv1.parameters(), *conv2.parameters(), *head.parameters()]


def net(x):
    x = F.max_pool2d(F.relu(conv1(x)), 2)
    x = F.adaptive_avg_pool2d(F.relu(conv2(x)), 2)
    return head(x.flatten(1))


opt = torch.optim.Adam(plist, lr=3e-3)
i = 0
for step in range(900):
    b = slice(i, i + 40)
    i = (i + 40) % 1400
    loss = F.cross_entropy(net(im[b]), lb[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 149:
        with torch.no_grad():
            print(step + 1, "loss", f"{loss.item():.4f}", "test acc", f"{(net(im[1440:]).argmax(1) == lb[1440:]).float().mean().item():.4f}")
