import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(1)
torch.manual_seed(47)
def blobs(n, s=16):
    g = torch.arange(s).float()
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    c = torch.rand(n, 2) * 10 + 3; r = torch.rand(n) * 2.5 + 2
    m = ((yy - c[:, 0, None, None]) ** 2 + (xx - c[:, 1, None, None]) ** 2 < r[:, None, None] ** 2).float()
    return (m + 0.7 * torch.randn(n, s, s))[:, None], m[:, None]
def cbr(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=True), nn.BatchNorm2d(o), nn.ReLU(inplace=True))
class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2, self.u1 = cbr(1, 8), cbr(8, 16), cbr(24, 8)
        self.o = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        a = self.d1(x)
        b = self.d2(F.max_pool2d(a, 2))
        return self.o(self.u1(torch.cat([a, F.interpolate(b, scale_factor=2)], 1)))
X, M = blobs(1200); Xv, Mv = blobs(300)
net = UNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for it in range(350):
    k = torch.randint(0, 1200, (24,))
    loss = F.binary_cross_entropy_with_logits(net(X[k]), M[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 70 == 0:
        print(it, loss.item())
net.eval()
with torch.no_grad():
    o = net(Xv)
    i = ((o > 0) & (Mv > 0)).sum() / ((o > 0) | (Mv > 0)).sum()
    print("params", sum(q.numel() for q in net.parameters()), f"train {loss.item():.4f} val {F.binary_cross_entropy_with_logits(o, Mv):.4f} iou {i:.4f}")
