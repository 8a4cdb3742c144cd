"""One measurement of a peer on one core: python3 peers.py TASK MODEL WEIGHTS.npz ROWS.npz EPSILON; prints JSON.

TASK is torch-pgd (a bare loop), art-pgd or autoattack (the authors' package). ART and AutoAttack are looked for on
PYTHONPATH.
"""
import json, os, sys, time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(1)
task, model, weights, rows, epsilon = *sys.argv[1:5], float(sys.argv[5])
data = np.load(rows)
x0, y = torch.tensor(data["x"]), torch.tensor(data["y"])
stored = np.load(weights)
w = [torch.tensor(stored[k]) for k in stored.files]


def conv(x, i, **options):
    return F.conv2d(x, w[i], w[i + 1], **options)


def digits(x):
    x = F.max_pool2d(F.relu(conv(x, 0, padding=2)), 2)
    x = F.max_pool2d(F.relu(conv(x, 2, padding=2)), 2)
    return F.linear(F.relu(F.linear(x.flatten(1), w[4], w[5])), w[6], w[7])


def resnet(x):
    fc, c = (w[0], w[1]), 2
    x = F.max_pool2d(F.silu(conv(x, c, padding=1)), 3, 2, 1)
    x = F.silu(conv(F.silu(conv(x, c + 2, padding=1)), c + 4, padding=1) + x)
    x = F.relu(conv(F.relu(conv(x, c + 6, stride=2, padding=1)), c + 8, padding=1) + conv(x, c + 10, stride=2))
    x = F.gelu(conv(F.gelu(conv(x, c + 12, padding=1)), c + 14, padding=1) + x)
    return F.linear(x.mean((2, 3)), *fc)


class Net(nn.Module):
    def forward(self, x):
        return {"mnist-cnn": digits, "fashion-resnet": resnet}[model](x)


net = Net().eval()


def torch_pgd(steps=40, batch=128):
    out = []
    for s in range(0, len(x0), batch):
        c, t = x0[s : s + batch], y[s : s + batch]
        x = c.clone()
        for _ in range(steps):
            x.requires_grad_(True)
            (g,) = torch.autograd.grad(F.cross_entropy(net(x), t, reduction="sum"), x)
            with torch.no_grad():
                x = (c + (x.detach() + epsilon / 10 * g.sign() - c).clamp(-epsilon, epsilon)).clamp(0, 1)
        out.append(x)
    return torch.cat(out)


def art_pgd(batch):
    from art.attacks.evasion import ProjectedGradientDescent
    from art.estimators.classification import PyTorchClassifier

    classifier = PyTorchClassifier(
        net, loss=nn.CrossEntropyLoss(), input_shape=(1, 28, 28), nb_classes=10, clip_values=(0.0, 1.0), device_type="cpu"
    )
    attack = ProjectedGradientDescent(
        classifier, eps=epsilon, eps_step=epsilon / 10, max_iter=40, num_random_init=0, batch_size=batch, verbose=False
    )
    return torch.tensor(attack.generate(x0.numpy(), y.numpy()))


def autoattack():
    from autoattack import AutoAttack

    return AutoAttack(net, norm="Linf", eps=epsilon, seed=0, device="cpu", verbose=False).run_standard_evaluation(x0, y, bs=250)


run = {"torch-pgd": torch_pgd, "art-pgd": art_pgd, "autoattack": autoattack}[task]
if task != "autoattack":
    # The batch that suits this machine's caches best, found on a few steps: torch is given its best.
    def timed(batch):
        start = time.perf_counter()
        torch_pgd(6, batch)
        return time.perf_counter() - start

    torch_pgd(2)
    best = min((16, 32, 64, 128, 256), key=timed)
    run = lambda: {"torch-pgd": lambda: torch_pgd(40, best), "art-pgd": lambda: art_pgd(best)}[task]()
    print("batch", best)
start, cpu = time.perf_counter(), time.process_time()
adversarial = run()
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
with torch.no_grad():
    robust = (net(adversarial).argmax(1) == y).float().mean().item()
print(json.dumps({"seconds": seconds, "cpu": cpu, "robust": robust}))
