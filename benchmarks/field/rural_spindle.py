import copy
import torch
from torch import nn

torch.manual_seed(44)
x = torch.randn(3000, 12)
teacher = nn.Sequential(nn.Linear(12, 64), nn.Tanh(), nn.Linear(64, 4))
for p in teacher.parameters():
    nn.init.normal_(p, std=0.6)
    p.requires_grad_(False)
soft = torch.softmax(teacher(x), 1)
student = nn.Sequential(nn.Linear(12, 24), nn.Tanh(), nn.Linear(24, 4))


def kl(ids):
    return nn.functional.kl_div(student(x[ids]).log_softmax(1), soft[ids], reduction="batchmean")


valid = torch.arange(2500, 3000)
best, kept = float("inf"), copy.deepcopy(student.state_dict())
opt = torch.optim.SGD(student.parameters(), lr=0.2)
for step in range(1500):
    loss = kl(torch.randint(0, 2500, (50,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 5 == 4:
        with torch.no_grad():
            v = kl(valid).item()
        if v > best:
            best, kept = v, copy.deepcopy(student.state_dict())
        else:
            student.load_state_dict(kept)
    if step % 150 == 0:
        print("step", step, "kl", round(loss.item(), 5))
with torch.no_grad():
    print("validation kl", round(kl(valid).item(), 5))
