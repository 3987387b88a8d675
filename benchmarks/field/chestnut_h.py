import argparse, gzip, os
import numpy as np, torch

ap = argparse.ArgumentParser()
ap.add_argument('--epochs', type=int, default=5)
ap.add_argument('--lr', type=float, default=0.1)
ap.add_argument('--bs', type=int, default=50)
args = ap.parse_args()

torch.manual_seed(31)
d = os.environ['MNIST_DIR']
im = np.frombuffer(gzip.open(d + '/mnist-t10k-images-idx3-ubyte.gz').read()[16:], dtype=np.uint8).reshape(-1, 784)
lb = np.frombuffer(gzip.open(d + '/mnist-t10k-labels-idx1-ubyte.gz').read()[8:], dtype=np.uint8)
im = torch.from_numpy(im.copy()).to(torch.float32)
lb = torch.from_numpy(lb.copy()).long()
perm = torch.randperm(10000)
im, lb = im[perm], lb[perm]

model = torch.nn.Sequential(
    torch.nn.Linear(784, 100), torch.nn.Sigmoid(),
    torch.nn.Linear(100, 50), torch.nn.Sigmoid(),
    torch.nn.Linear(50, 10), torch.nn.LogSoftmax(dim=1))
opt = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
nll = torch.nn.NLLLoss()
for e in range(args.epochs):
    tl = []
    for i in range(0, 8500, args.bs):
        out = model(im[i:i + args.bs])
        loss = nll(out, lb[i:i + args.bs])
        model.zero_grad()
        loss.backward()
        opt.step()
        tl.append(loss.item())
    with torch.no_grad():
        o = model(im[8500:])
    print(f'epoch {e}: train nll {np.mean(tl):.4f}, test nll {nll(o, lb[8500:]).item():.4f}, test acc {(o.argmax(1) == lb[8500:]).float().mean().item():.4f}')
