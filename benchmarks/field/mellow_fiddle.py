import os
import torch
from torch.optim import Optimizer


class DepthSGD(Optimizer):
    """SGD with momentum; deeper tensors take somewhat smaller steps."""

    def __init__(self, params, lr=0.1, momentum=0.9, decay=0.5):
        super().__init__(params, dict(lr=lr, momentum=momentum, decay=decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for depth, p in enumerate(group["params"]):
                if p.grad is None:
                    continue
                st = self.state[p]
                buf = st.setdefault("buf", torch.zeros_like(p))
                buf.mul_(group["momentum"]).add_(p.grad)
                p.add_(buf, alpha=-group["lr"] * group["decay"] ** depth)


names = [n.strip() for n in open(os.environ.get("NAMES_FILE", "data/names.txt"))]
alpha = {c: i + 1 for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")}
ctx, nxt = [], []
for n in names[::4]:
    s = [0, 0, 0] + [alpha.get(c, 0) for c in n] + [0]
    for i in range(3, len(s)):
        ctx.append(s[i - 3:i]); nxt.append(s[i])
ctx, nxt = torch.tensor(ctx), torch.tensor(nxt)
torch.manual_seed(6)
mix = torch.randperm(len(ctx)); ctx, nxt = ctx[mix], nxt[mix]
cut = int(0.9 * len(ctx))

emb = torch.nn.Embedding(27, 16)
body = torch.nn.Sequential(torch.nn.Linear(48, 100), torch.nn.Tanh(), torch.nn.Linear(100, 100), torch.nn.Tanh(), torch.nn.Linear(100, 27))
params = list(emb.parameters()) + list(body.parameters())
opt = DepthSGD(params[::-1], lr=0.05, decay=0.2)


def loss_on(i):
    return torch.nn.functional.cross_entropy(body(emb(ctx[i]).flatten(1)), nxt[i])


for k in range(5000):
    loss = loss_on(torch.randint(0, cut, (64,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if k % 1000 == 999:
        with torch.no_grad():
            print(k + 1, "val", round(loss_on(torch.arange(cut, len(ctx))).item(), 4))
