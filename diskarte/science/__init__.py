"""Numbers in, numbers out: one method per file, no database, no clock, no hidden randomness.

A unit of engagement on the *log scale* is `log(1 + engagement)`: a difference of 0.1 there is about 10 %
more or less, and `lift(0.1)` in `scale.py` says so as a factor.
"""

import os

# The matrices here are small; a second thread gains little and, on a busy machine, waits for the first.
for _pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_pool, "1")
