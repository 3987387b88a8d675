import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.svm import SVC

# teacher: an SVM with probabilities, student: a small perceptron
D = load_digits()
order = np.random.RandomState(1).permutation(1797)
A, b = D.data[order] / 16, D.target[order]
teacher = SVC(C=5, gamma=0.5, probability=True, random_state=0).fit(A[:1300], b[:1300])
soft = torch.tensor(teacher.predict_proba(A[:1300])).float()
A, b = torch.tensor(A).float(), torch.tensor(b)

torch.manual_seed(1)
student = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.SGD(student.parameters(), lr=3e-4, momentum=0.5)
T, alpha = 2.0, 0.7


def distill(logits, soft_t, hard):
    st = (soft_t.clamp_min(1e-6).log() / T).softmax(1)
    kd = F.kl_div(F.log_softmax(logits / T, 1), st, reduction="batchmean") * T * T
    return alpha * kd + (1 - alpha) * F.cross_entropy(logits, hard)


it = 0
while it < 2400:
    for rows in torch.randperm(1300).split(26):
        loss = distill(student(A[rows]), soft[rows], b[rows])
        opt.zero_grad(); loss.backward(); opt.step()
        it += 1
    if it % 400 == 0:
        with torch.no_grad():
            acc = (student(A[1300:]).argmax(1) == b[1300:]).float().mean().item()
        print("iteration", it, "kd loss", round(loss.item(), 4), "held-out accuracy", round(acc, 4))
