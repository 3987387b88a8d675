import torch

torch.manual_seed(24)
NS, T = 8, 50
th = torch.tensor(0.4)
At = torch.block_diag(*[0.93 * torch.tensor([[torch.cos(th * k), -torch.sin(th * k)], [torch.sin(th * k), torch.cos(th * k)]]) for k in (1, 2, 3)])
Bt, Ct = torch.randn(6, 2) * 0.4, torch.randn(2, 6) * 0.4


def simulate(A, B, C, u):
    h = torch.zeros(u.shape[0], A.shape[0])
    ys = []
    for t in range(u.shape[1]):
        h = h @ A.T + u[:, t] @ B.T
        ys.append(h @ C.T)
    return torch.stack(ys, 1)


U = torch.randn(256, T, 2)
with torch.no_grad():
    Y = simulate(At, Bt, Ct, U)
    Y = (Y + 0.02 * torch.randn_like(Y)) / Y.std()
U_tr, Y_tr, U_va, Y_va = U[:192], Y[:192], U[192:], Y[192:]

A = (1.15 * torch.linalg.qr(torch.randn(NS, NS))[0]).requires_grad_()
B = (0.3 * torch.randn(NS, 2)).requires_grad_()
C = (0.3 * torch.randn(2, NS)).requires_grad_()
opt = torch.optim.Adam([A, B, C], lr=4e-3)
for it in range(900):
    i = torch.randint(0, 192, (32,))
    loss = (simulate(A, B, C, U_tr[i]) - Y_tr[i]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 0 or it == 899:
        with torch.no_grad():
            print(f'iter {it:4d}  train {loss.item():.5f}  valid {(simulate(A, B, C, U_va) - Y_va).pow(2).mean().item():.5f}')
