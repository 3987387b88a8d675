"""A policy gradient: the better of five levers, by what is seen of the state; the loss is no measure of progress."""

import torch

from training import OPTIMIZERS, options, perceptron

args = options(width=32, depth=1, steps=500, lr=3e-3, baseline=1)
model = perceptron(args, 6, 5)
optimizer = OPTIMIZERS[args.optimizer](model.parameters(), args)
best = torch.randn(6, 5)


def regret(count=1000):
    """How much of the best reward is missed, on average."""
    with torch.no_grad():
        x = torch.randn(count, 6)
        rewards = x @ best
        return float((rewards.max(1).values - (model(x).softmax(1) * rewards).sum(1)).mean())


print(f"before {regret():.5f}")
mean = 0.0
for _ in range(args.steps):
    x = torch.randn(args.batch, 6)
    choices = torch.distributions.Categorical(logits=model(x))
    lever = choices.sample()
    reward = (x @ best).gather(1, lever.unsqueeze(1)).squeeze(1) + 0.1 * torch.randn(args.batch)
    loss = -(choices.log_prob(lever) * (reward - mean)).mean()
    mean = 0.9 * mean + 0.1 * float(reward.mean()) if args.baseline else 0.0
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"after {regret():.5f}")
