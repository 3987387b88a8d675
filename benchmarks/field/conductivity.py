import torch
torch.manual_seed(240)
# conductivities are of order 1e-3 in these units; losses are scaled accordingly
x = torch.randn(2000, 5)
k_true = torch.tensor([0.3, -0.2, 0.5, 0.1, -0.4])
y = x @ k_true + 0.05 * torch.randn(2000)
k = torch.zeros(5, requires_grad=True)
opt = torch.optim.SGD([k], lr=20.0)
for s in range(200):
    i = torch.randint(0, 1600, (100,))
    loss = 0.0025 * ((x[i] @ k - y[i]) ** 2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if s % 25 == 24:
        with torch.no_grad():
            print(s + 1, loss.item(), "held-out", (0.0025 * ((x[1600:] @ k - y[1600:]) ** 2).mean()).item())
