import gzip, os, numpy as np, torch

imgs = np.frombuffer(gzip.open(os.path.join(os.environ.get("MNIST_DIR", "data"), "mnist-t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16).reshape(-1, 28, 28)[:4000]
t = torch.tensor(imgs / 255, dtype=torch.float32)[:, None]
patches = torch.nn.functional.unfold(t[:, :, 4:24, 4:24], 8, stride=6).transpose(1, 2).reshape(-1, 64)
patches = patches[patches.std(1) > 0.1]
patches = patches - patches.mean(1, keepdim=True)
torch.manual_seed(1)
patches = patches[torch.randperm(len(patches))]
train, test = patches[:-2000], patches[-2000:]


class SparseCode(torch.nn.Module):
    def __init__(self, n_in=64, n_code=96, k=10):
        super().__init__()
        self.enc = torch.nn.Linear(n_in, n_code)
        self.dec = torch.nn.Linear(n_code, n_in)
        self.k = k

    def forward(self, x):
        a = torch.relu(self.enc(x))
        kth = a.topk(self.k, dim=1).values[:, -1:]
        a = a * (a >= kth)
        return self.dec(a), a


net = SparseCode()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(3001):
    x = train[torch.randint(0, len(train), (128,))]
    rec, a = net(x)
    loss = (rec - x).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 600 == 0:
        with torch.no_grad():
            r, a = net(test)
        print(step, f"mse {loss.item():.5f} test {(r - test).square().mean().item():.5f} of {test.var().item():.5f}; nonzero {(a > 0).float().mean().item():.3f}")
