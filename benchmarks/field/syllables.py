import os, random, torch
from torch import nn
random.seed(4); torch.manual_seed(4)
lines = [w for w in open(os.environ["NAMES_FILE"]).read().split() if 4 <= len(w) <= 9]
random.shuffle(lines); lines = lines[:8000]
vowels = "aeiouy"
groups = []
for w in lines:
    v = 0
    for a, b in zip(" " + w, w):
        v += b in vowels and a not in vowels
    groups.append(min(v, 4) - 1 if v else 0)
Y = torch.tensor(groups)
X = torch.zeros(len(lines), 9, dtype=torch.long)
for r, w in enumerate(lines):
    X[r, :len(w)] = torch.tensor([ord(c) - 96 for c in w])

class SyllableNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 16)
        self.conv = nn.Conv1d(16, 48, 3, padding=1)
        self.fc = nn.Linear(48, 4)
    def forward(self, x):
        z = torch.relu(self.conv(self.emb(x).transpose(1, 2))).mean(2)
        return torch.sigmoid(self.fc(z)) 

net = SyllableNet()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
crit = nn.CrossEntropyLoss()
for step in range(1, 1001):
    i = torch.randint(0, 7000, (64,))
    loss = crit(net(X[i]), Y[i])
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            o = net(X[7000:])
        print(step, f"{loss.item():.4f}", f"dev {crit(o, Y[7000:]).item():.4f}", f"acc {(o.argmax(1) == Y[7000:]).float().mean().item():.4f}")
