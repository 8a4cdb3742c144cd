"""scikit-learn's Isolation Forest: python3 outliers.py ROWS.npz; prints JSON.

Defaults (100 trees of 256 rows, n_jobs None), fitted and then every row scored; seconds are the processor's.
"""
import json, os, resource, sys, time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

x = np.load(sys.argv[1])["x"]
before = time.process_time()
forest = IsolationForest(random_state=1).fit(x)
fit = time.process_time() - before
scores = -forest.score_samples(x)
seconds = time.process_time() - before
truth = np.arange(len(x)) % 100 == 0
print(
    json.dumps(
        {
            "fit": fit,
            "seconds": seconds,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "auc": roc_auc_score(truth, scores),
        }
    )
)
