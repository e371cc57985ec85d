"""Settings for every test and doctest."""

import os

# The matrix products here are small; threads for them cost more than they bring, above all beside xdist's workers.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
