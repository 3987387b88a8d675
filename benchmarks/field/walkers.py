import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(6)

class Grid:
    """n walkers on a 5x5 board, goal in a random cell, -0.1 a move, +1 at the goal"""
    MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])

    def __init__(self, n):
        self.n = n

    def reset(self):
        self.pos = torch.randint(0, 5, (self.n, 2))
        self.goal = torch.randint(0, 5, (self.n, 2))
        self.done = (self.pos == self.goal).all(1)
        return self.obs()

    def obs(self):
        return torch.cat([self.pos, self.goal], 1).float() / 2 - 1

    def step(self, action):
        alive = ~self.done
        self.pos = torch.where(alive[:, None], (self.pos + self.MOVES[action]).clamp(0, 4), self.pos)
        hit = (self.pos == self.goal).all(1) & alive
        reward = hit.float() - 0.1 * alive.float()
        self.done = self.done | hit
        return self.obs(), reward, alive.float()

policy = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 4))
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
env = Grid(32)
history = []
for episode in range(400):
    obs = env.reset()
    logps, rewards, masks = [], [], []
    for t in range(12):
        dist = Categorical(logits=policy(obs))
        action = dist.sample()
        obs, r, alive = env.step(action)
        logps.append(dist.log_prob(action)); rewards.append(r); masks.append(alive)
    R, returns = torch.zeros(env.n), []
    for r in reversed(rewards):
        R = r + 0.97 * R
        returns.insert(0, R)
    returns, masks, logps = torch.stack(returns), torch.stack(masks), torch.stack(logps)
    adv = (returns - returns[masks > 0].mean()) / (returns[masks > 0].std() + 1e-6)
    loss = -(logps * adv * masks).sum() / masks.sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(torch.stack(rewards).sum(0).mean().item())
    if episode % 50 == 0:
        print("episode", episode, "loss %.3f" % loss.item(), "reward %.3f" % history[-1])
print("mean reward first 20: %.3f last 20: %.3f" % (sum(history[:20]) / 20, sum(history[-20:]) / 20))
