import gzip, os
import numpy as np
import torch
from torch import nn

path = os.path.join(os.environ.get("MNIST_DIR", "data"), "mnist-t10k-images-idx3-ubyte.gz")
pix = np.frombuffer(gzip.open(path).read(), dtype=np.uint8, offset=16).reshape(-1, 1, 28, 28)
pix = torch.tensor(pix[:4000].astype("float32") / 255)
pix_n = (pix - pix.mean()) / pix.std()


class AE(nn.Module):
    def __init__(self, z=16):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.LeakyReLU(0.1),
                                 nn.Conv2d(8, 16, 4, 2, 1), nn.LeakyReLU(0.1),
                                 nn.Flatten(), nn.Linear(16 * 49, z))
        self.dec = nn.Sequential(nn.Linear(z, 16 * 49), nn.Unflatten(1, (16, 7, 7)), nn.LeakyReLU(0.1),
                                 nn.ConvTranspose2d(16, 8, 4, 2, 1), nn.LeakyReLU(0.1),
                                 nn.ConvTranspose2d(8, 1, 4, 2, 1))

    def forward(self, x):
        return self.dec(self.enc(x))


torch.manual_seed(4)
ae = AE()
steps, peak = 450, 1e-5
opt = torch.optim.AdamW(ae.parameters(), lr=peak, weight_decay=0.01)
cyc = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=peak, total_steps=steps)
for k in range(steps):
    b = torch.randint(0, 4000, (64,))
    loss = nn.functional.mse_loss(ae(pix_n[b]), pix_n[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    cyc.step()
    if k % 50 == 0:
        print("iter", k, "recon", round(loss.item(), 4))
with torch.no_grad():
    print("reconstruction error", round(nn.functional.mse_loss(ae(pix_n[:1000]), pix_n[:1000]).item(), 4))
