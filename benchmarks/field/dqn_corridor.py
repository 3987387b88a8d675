import copy
import torch
import torch.nn as nn

torch.manual_seed(463)
S = 8
q = nn.Sequential(nn.Linear(S, 32), nn.ReLU(), nn.Linear(32, 2))
target = copy.deepcopy(q)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
eye, gamma = torch.eye(S), 0.9
for step in range(2000):
    s, a = torch.randint(0, S, (32,)), torch.randint(0, 2, (32,))
    nxt = (s + 2 * a - 1).clamp(min=0)
    done = nxt >= S
    r = torch.where(done, 1.0, -0.01)
    with torch.no_grad():
        t = r + gamma * target(eye[nxt.clamp(max=S - 1)]).max(1).values * (~done)
    loss = nn.functional.smooth_l1_loss(q(eye[s]).gather(1, a[:, None]).squeeze(1), t)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        target.load_state_dict(q.state_dict())
    if step % 200 == 0:
        print(step, 'loss', round(loss.item(), 5), 'q at start', round(q(eye[0]).max().item(), 3))
print('greedy actions', q(eye).argmax(1).tolist())
