"""Training steps of the digit network in plain torch: python3 training.py TASK WEIGHTS.npz ROWS.npz THREADS; prints JSON.

TASK is plain, or adversarial (PGD with 7 steps at Linf 0.3 from a random start for every batch of 128).
"""
import json, os, resource, sys, time

task, weights, rows, threads = *sys.argv[1:4], int(sys.argv[4])
os.environ.update(OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
import numpy as np, torch, torch.nn.functional as F

torch.set_num_threads(threads)
data, stored = np.load(rows), np.load(weights)
x_all, y_all = torch.tensor(data["x"]), torch.tensor(data["y"])
w = [torch.tensor(stored[k], requires_grad=True) for k in stored.files]
optimiser = torch.optim.SGD(w, lr=0.01, momentum=0.9)
epsilon, step_size, batch = 0.3, 0.075, 128


def net(x):
    x = F.max_pool2d(F.relu(F.conv2d(x, w[0], w[1], padding=2)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, w[2], w[3], padding=2)), 2)
    return F.linear(F.relu(F.linear(x.flatten(1), w[4], w[5])), w[6], w[7])


def attacked(c, t):
    x = (c + torch.empty_like(c).uniform_(-epsilon, epsilon)).clamp(0, 1)
    for _ in range(7):
        x.requires_grad_(True)
        (g,) = torch.autograd.grad(F.cross_entropy(net(x), t, reduction="sum"), x)
        with torch.no_grad():
            x = (c + (x + step_size * g.sign() - c).clamp(-epsilon, epsilon)).clamp(0, 1)
    return x.detach()


def step(i):
    x, y = x_all[i : i + batch], y_all[i : i + batch]
    if task == "adversarial":
        x = attacked(x, y)
    optimiser.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimiser.step()


warmup = 15
for i in range(0, len(x_all), batch):
    if i == warmup * batch:
        start = time.perf_counter()
    step(i)
seconds = (time.perf_counter() - start) / (len(x_all) / batch - warmup)
print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
