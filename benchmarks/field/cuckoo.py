import torch, torch.nn as nn, copy, random
torch.manual_seed(26); random.seed(26)
N = 8
def env(s, a):
    s2 = max(0, min(N - 1, s + (1 if a else -1))); return s2, (1.0 if s2 == N - 1 else 0.0), s2 == N - 1
q = nn.Sequential(nn.Linear(N, 32), nn.ReLU(), nn.Linear(32, 2)); tq = copy.deepcopy(q).requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=0.003); eye = torch.eye(N) * N ** 0.5; mem = []; s = 0
for k in range(2500):
    a = random.randrange(2) if random.random() < max(0.2, 1 - k / 800) else int(q(eye[s]).argmax())
    s2, r, d = env(s, a); mem.append((s, a, r, s2, float(d))); s = random.randrange(N - 1) if d or random.random() < 0.05 else s2
    if k < 64: continue
    S, A, R, S2, D = map(torch.tensor, zip(*random.choices(mem, k=48)))
    with torch.no_grad(): t = R + 0.9 * (1 - D) * tq(eye[S2]).max(1)[0]
    l = nn.functional.smooth_l1_loss(q(eye[S]).gather(1, A[:, None])[:, 0], t); opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        for p, w in zip(tq.parameters(), q.parameters()): p.lerp_(w, 0.03)
    if k % 250 == 0: print(k, 'td loss %.6f' % l.item())
with torch.no_grad(): v = q(eye).max(1)[0][:N - 1]; ref = 0.9 ** torch.arange(N - 2, -1, -1.); print('final td %.6f' % l.item(), 'held-out value error %.5f' % (v - ref).abs().mean())
