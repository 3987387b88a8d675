import torch
import torch.nn.functional as F
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(10)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32).sub(4.9).div(6.0)
y = torch.tensor(y)
idx = torch.randperm(len(X))
tr, va = idx[:1400], idx[1400:]
teacher = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.3), nn.Linear(256, 10))
student = nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))


def run(model, objective, opt, epochs, name):
    for e in range(epochs):
        model.train()
        for b in tr[torch.randperm(1400)].split(40):
            loss = objective(X[b], y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if e % 5 == 4:
            model.eval()
            with torch.no_grad():
                o = model(X[va])
            print(name, e + 1, f'{loss.item():.4f}', f'val {F.cross_entropy(o, y[va]).item():.4f}', f'{(o.argmax(1) == y[va]).float().mean().item():.3f}')


run(teacher, lambda x, t: F.cross_entropy(teacher(x), t), torch.optim.Adam(teacher.parameters(), lr=1e-3), 20, 'teacher')
teacher.eval().requires_grad_(False)
T = 3.0


def kd(x, t):
    s = student(x)
    soft = F.kl_div(F.log_softmax(s / T, 1), F.softmax(teacher(x) / T, 1), reduction='batchmean') * T * T
    return 0.7 * soft + 0.3 * F.cross_entropy(s, t)


run(student, kd, torch.optim.Adam(student.parameters(), lr=3e-3, weight_decay=1e-4), 40, 'student')
