import copy, random, torch, torch.nn as nn
torch.manual_seed(506); random.seed(506)
S = 8
q = nn.Sequential(nn.Linear(S, 32), nn.ReLU(), nn.Linear(32, 2)); tq = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
oh = torch.eye(S); buf = []; s = 0; wins = 0; total = 0
for t in range(2500):
    eps = max(0.1, 1 - t / 1200)
    with torch.no_grad(): a = random.randrange(2) if random.random() < eps else int(q(oh[s]).argmax())
    s2 = max(0, min(S - 1, s + 2 * a - 1)); done = s2 == S - 1; r = 1.0 if done else -0.02
    buf.append((s, a, r, s2, float(done))); s = 0 if done else s2; total += r
    if t > 100 and t % 2 == 0:
        B = random.sample(buf, 32); ss, aa, rr, nn_, dd = map(torch.tensor, zip(*B))
        with torch.no_grad(): y = rr + 0.95 * (1 - dd) * tq(oh[nn_]).max(1).values
        l = nn.functional.smooth_l1_loss(q(oh[ss])[torch.arange(32), aa], y); opt.zero_grad(); l.backward(); opt.step()
        if t % 50 == 0: tq.load_state_dict(q.state_dict())
    if t % 250 == 249: print(t + 1, "td %.5f" % l.item(), "reward in window %.2f" % total); total = 0
