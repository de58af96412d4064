"""How property tests look for examples: the same ones each time, so that a run says the same wherever it runs.

``HYPOTHESIS_PROFILE=search`` looks for new ones, and for many more where a test does not say how many.
"""

import os

from hypothesis import settings

# No deadline: how long an example takes says more of the machine than of the code; what must be fast has tests of its own.
settings.register_profile("same", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
