"""Attacks of a peer, one after the other on one core: python3 attacks.py WEIGHTS-FOLDER.

Reads a job a line as JSON (bench/attacks.ts) and answers with a line of JSON: seconds of the
processor, and rows that went through the model forwards and backwards. Adversarial rows go to `out` (npz, x). ART and
foolbox are looked for on PYTHONPATH.
"""
import importlib, json, os, random, sys, time, warnings

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
warnings.filterwarnings("ignore")
answers, sys.stdout = sys.stdout, sys.stderr
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(1)


def digits(x, w):
    conv = lambda x, i: F.max_pool2d(F.relu(F.conv2d(x, w[i], w[i + 1], padding=2)), 2)
    x = conv(conv(x, 0), 2)
    return F.linear(F.relu(F.linear(x.flatten(1), w[4], w[5])), w[6], w[7])


def resnet(x, w):
    conv = lambda x, i, **options: F.conv2d(x, w[i], w[i + 1], **options)
    x = F.max_pool2d(F.silu(conv(x, 2, padding=1)), 3, 2, 1)
    x = F.silu(conv(F.silu(conv(x, 4, padding=1)), 6, padding=1) + x)
    x = F.relu(conv(F.relu(conv(x, 8, stride=2, padding=1)), 10, padding=1) + conv(x, 12, stride=2))
    x = F.gelu(conv(F.gelu(conv(x, 14, padding=1)), 16, padding=1) + x)
    return F.linear(x.mean((2, 3)), w[0], w[1])


def overfit(x, w):
    return F.linear(F.relu(F.linear(x.flatten(1), w[0], w[1])), w[2], w[3])


def tumours(x, w):
    """Features scaled to their ranges: the last two arrays take them back."""
    x = (x * w[-1] + w[-2] - w[0]) / w[1]
    return F.linear(torch.tanh(F.linear(F.relu(F.linear(x, w[2], w[3])), w[4], w[5])), w[6], w[7])


bodies = {"fashion-resnet": resnet, "mnist-overfit": overfit, "breast-cancer-mlp": tumours}


class Net(nn.Module):
    """Counts rows forwards and backwards."""

    def __init__(self, model, softmax):
        super().__init__()
        stored = np.load(f"{sys.argv[1]}/{model}-weights.npz")
        self.w = [torch.tensor(stored[name]) for name in stored.files]
        self.body = bodies.get(model, digits)
        self.softmax = softmax
        self.counts = {"forward": 0, "gradient": 0}

    def count(self, kind, rows):
        self.counts[kind] += rows

    def forward(self, x):
        self.count("forward", len(x))
        if x.requires_grad:
            x = x * 1
            x.register_hook(lambda g: self.count("gradient", len(g)))
        logits = self.body(x, self.w)
        return logits.softmax(1) if self.softmax else logits


def best_batch(net, x, y):
    """The batch that suits this machine's caches best: torch is given its best."""

    def timed(batch):
        start = time.process_time()
        for _ in range(3):
            for s in range(0, len(x), batch):
                part = x[s : s + batch].clone().requires_grad_(True)
                torch.autograd.grad(F.cross_entropy(net(part), y[s : s + batch], reduction="sum"), part)
        return time.process_time() - start

    timed(32)
    return min((16, 32, 64, 128, 256), key=timed)


def art_run(job, net, x, y, classes):
    options = dict(job["options"])
    if options.get("batch_size") == "best":
        options["batch_size"] = batches[job["model"]]
    classifier = libraries["art.estimators.classification"].PyTorchClassifier(
        net, loss=nn.CrossEntropyLoss(), input_shape=x.shape[1:], nb_classes=classes, clip_values=(0.0, 1.0), device_type="cpu"
    )
    attack = getattr(libraries["art.attacks.evasion"], job["attack"])(classifier, verbose=False, **options)
    labels = None if job.get("unlabelled") else np.eye(classes, dtype=np.float32)[y.numpy()]
    found = attack.generate(x.numpy(), labels)
    return attack.apply_patch(x.numpy(), scale=job["scale"]) if "scale" in job else found


def foolbox_run(job, net, x, y, classes):
    foolbox = libraries["foolbox"]
    model = foolbox.PyTorchModel(net, bounds=(0, 1), device="cpu")
    attack = getattr(foolbox.attacks, job["attack"])(**job["options"])
    return attack(model, x, y, epsilons=None)[1].numpy()


needed = {"art": ("art.attacks.evasion", "art.estimators.classification"), "foolbox": ("foolbox",)}
libraries, batches = {}, {}
for line in sys.stdin:
    job = json.loads(line)
    data = np.load(job["rows"])
    x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
    net = Net(job["model"], job.get("softmax", False)).eval()
    if job["model"] not in batches:
        copies = max(1, 256 // len(x))
        batches[job["model"]] = best_batch(net, torch.cat([x] * copies), y.repeat(copies))
    classes = net(x[:1]).shape[1]
    # Before the clock starts.
    for name in needed[job["library"]]:
        libraries[name] = importlib.import_module(name)
    net.counts.update(forward=0, gradient=0)
    np.random.seed(0), torch.manual_seed(0), random.seed(0)
    wall, cpu = time.perf_counter(), time.process_time()
    found = {"art": art_run, "foolbox": foolbox_run}[job["library"]](job, net, x, y, classes)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    np.savez(job["out"], x=found.astype(np.float32))
    print(json.dumps({"cpu": cpu, "wall": wall, **net.counts}), file=answers, flush=True)
