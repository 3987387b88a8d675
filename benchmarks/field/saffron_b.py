from dataclasses import dataclass
import torch
from torch import nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)

@dataclass
class Config:
    seed: int = 5
    widths: tuple = (64, 48, 32, 16, 32, 48, 64)
    scale: float = 0.1
    lr: float = 0.1
    steps: int = 2500
    batch: int = 50

def build(cfg):
    mods = []
    for a, b in zip(cfg.widths[:-1], cfg.widths[1:]):
        lin = nn.Linear(a, b)
        nn.init.normal_(lin.weight, 0.0, cfg.scale / a ** 0.5)
        nn.init.zeros_(lin.bias)
        mods += [lin, nn.Tanh()]
    return nn.Sequential(*mods[:-1])

def main(cfg):
    torch.manual_seed(cfg.seed)
    data = torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1
    data = data[torch.randperm(len(data))]
    data, held = data[:1400], data[1400:]
    data, held = data - data.mean(0), held - data.mean(0)
    net = build(cfg)
    opt = torch.optim.SGD(net.parameters(), lr=cfg.lr, momentum=0.9, nesterov=True)
    for t in range(cfg.steps):
        x = data[torch.randint(0, len(data), (cfg.batch,))]
        loss = (net(x) - x).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if t % 500 == 0:
            print(t, loss.item())
    with torch.no_grad():
        print("train mse %.4f held-out mse %.4f" % ((net(data) - data).pow(2).mean(), (net(held) - held).pow(2).mean()))

main(Config())
