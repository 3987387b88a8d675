import argparse
import torch
import torch.nn as nn

ap = argparse.ArgumentParser()
ap.add_argument('--depth', type=int, default=9)
ap.add_argument('--width', type=int, default=96)
ap.add_argument('--steps', type=int, default=1000)
ap.add_argument('--lr', type=float, default=1e-3)
args = ap.parse_args()
torch.manual_seed(11)

x = torch.randn(6000, 8)
y = torch.sin(2 * x[:, :1]) * x[:, 1:2] + 0.5 * torch.cos(x[:, 2:3] + x[:, 3:4])
y = (y - y.mean()) / y.std()
layers, d = [], 8
for _ in range(args.depth):
    layers += [nn.Linear(d, args.width), nn.ReLU()]
    d = args.width
layers.append(nn.Linear(d, 1))
model = nn.Sequential(*layers)
for m in model:
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=2.0 / m.in_features ** 0.5)
        nn.init.zeros_(m.bias)
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
for s in range(args.steps):
    i = torch.randint(0, 5000, (128,))
    loss = nn.functional.mse_loss(model(x[i]), y[i])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
with torch.no_grad():
    print('train mse', round(nn.functional.mse_loss(model(x[:5000]), y[:5000]).item(), 4),
          'test mse', round(nn.functional.mse_loss(model(x[5000:]), y[5000:]).item(), 4))
