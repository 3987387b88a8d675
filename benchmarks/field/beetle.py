import torch, torch.nn as nn
torch.set_num_threads(1); torch.manual_seed(26)
n = 500; c = torch.randint(0, 3, (n,)); A = (torch.rand(n, n) < torch.where(c[:, None] == c, .05, .008)).float().triu(1); A = A + A.T + torch.eye(n)
A = A / A.sum(1, keepdim=True); F = torch.eye(3)[c] + torch.randn(n, 3); tr = torch.rand(n) < .5
W = nn.ModuleList([nn.Linear(3, 16), nn.Linear(16, 3)]); dr = nn.Dropout(.3)
def f(): return A @ W[1](dr(torch.relu(A @ W[0](F))))
opt = torch.optim.Adam(W.parameters(), lr=1e-2, weight_decay=5e-4)
for it in range(250):
    dr.train(); l = nn.functional.cross_entropy(f()[tr], c[tr]); opt.zero_grad(); l.backward(); opt.step()
    if it % 50 == 0: print(it, l.item())
dr.eval()
with torch.no_grad(): o = f(); print("train", nn.functional.cross_entropy(o[tr], c[tr]).item(), "held-out", nn.functional.cross_entropy(o[~tr], c[~tr]).item(), "acc", (o.argmax(1) == c)[~tr].float().mean().item())
