import argparse
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


def make_model(ch):
    return nn.Sequential(
        nn.Conv2d(1, ch, 3, padding=1), nn.LeakyReLU(0.1),
        nn.Conv2d(ch, 2 * ch, 3, stride=2, padding=1), nn.LeakyReLU(0.1),
        nn.Conv2d(2 * ch, 2 * ch, 3, padding=1), nn.LeakyReLU(0.1),
        nn.ConvTranspose2d(2 * ch, ch, 4, stride=2, padding=1), nn.LeakyReLU(0.1),
        nn.Conv2d(ch, ch, 3, padding=1), nn.LeakyReLU(0.1),
        nn.Conv2d(ch, 1, 3, padding=1),
    )


def init(m):
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.trunc_normal_(m.weight, std=0.01)
        nn.init.zeros_(m.bias)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=14)
    ap.add_argument("--lr", type=float, default=0.02)
    ap.add_argument("--noise", type=float, default=0.25)
    args = ap.parse_args()
    torch.manual_seed(0)
    imgs = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1) / 16
    tr, te = random_split(TensorDataset(imgs), [1500, 297])
    model = make_model(12)
    model.apply(init)
    opt = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    for e in range(args.epochs):
        model.train()
        for (x,) in DataLoader(tr, batch_size=30, shuffle=True):
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(x + args.noise * torch.randn_like(x)), x)
            loss.backward()
            opt.step()
        with torch.no_grad():
            v = torch.stack([te[i][0] for i in range(len(te))])
            torch.manual_seed(e)
            mse = nn.functional.mse_loss(model(v + args.noise * torch.randn_like(v)), v).item()
        print(f"[{e:02d}] train {loss.item():.4f} test mse {mse:.4f}")
