"""The project, and its ground floor."""

import os

# One thread for a product of small matrices: more cost tens of milliseconds a blend on a busy machine, and a
# fixed number is part of "same input, same bits". Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
