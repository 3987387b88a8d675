import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

torch.manual_seed(12)
dg = load_digits()
img = torch.tensor(dg.images / 16).float().unsqueeze(1)
cls = torch.tensor(dg.target)
seen = torch.arange(0, len(cls), 2)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Flatten())
        self.proj = nn.Linear(8 * 4, 3)

    def embed(self, x):
        feats = self.conv(x)
        feats = F.normalize(feats, dim=1).detach() * 4
        return F.normalize(self.proj(feats), dim=1)


def triplets(n):
    a = seen[torch.randint(0, len(seen), (n,))]
    p, q = [], []
    for i in a.tolist():
        same = seen[cls[seen] == cls[i]]
        p.append(same[torch.randint(0, len(same), (1,))].item())
        while True:
            j = seen[torch.randint(0, len(seen), (1,))].item()
            if cls[j] != cls[i]:
                break
        q.append(j)
    return a, torch.tensor(p), torch.tensor(q)


enc = Encoder()
opt = torch.optim.Adam(enc.parameters(), lr=2e-3)
for step in range(600):
    a, p, q = triplets(48)
    ea, ep, eq = enc.embed(img[a]), enc.embed(img[p]), enc.embed(img[q])
    loss = F.relu((ea - ep).pow(2).sum(1) - (ea - eq).pow(2).sum(1) + 0.6).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 100 == 99:
        with torch.no_grad():
            z = enc.embed(img).numpy()
        half = torch.arange(0, len(cls), 2).numpy(); other = half[:-1] + 1
        knn = KNeighborsClassifier(5).fit(z[half], dg.target[half]).score(z[other], dg.target[other])
        print(f"{step+1} triplet {loss.item():.4f} knn {knn:.4f}")
