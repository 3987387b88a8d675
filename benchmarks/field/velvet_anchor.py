import torch

torch.manual_seed(7)
D = 40
w_true = torch.randn(D) / D ** 0.5
X = torch.randn(6000, D)
y = X @ w_true + 1.5 * torch.randn(6000)
w = torch.zeros(D)
b = torch.zeros(())
LR, B = 0.012, 1
track = []
for step in range(6000):
    i = torch.randint(0, 5000, (B,))
    w.requires_grad_(); b.requires_grad_()
    loss = ((X[i] @ w + b - y[i]) ** 2).mean()
    gw, gb = torch.autograd.grad(loss, (w, b))
    w, b = (w - LR * gw).detach(), (b - LR * gb).detach()
    track.append(loss.item())
    if step % 1000 == 999:
        print(step + 1, "mean squared error of the last 1000:", round(sum(track[-1000:]) / 1000, 3))
r = X[5000:] @ w + b - X[5000:] @ w_true
print("test mse %.4f, distance of the fit from the true line %.4f" % (((X[5000:] @ w + b - y[5000:]) ** 2).mean(), (r ** 2).mean()))
