"""What is done with a document, in a worker process, in tests of the pool: a word in the bytes tells it to go wrong."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import sys
import time
from pathlib import Path

from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import Outcome


def work(incoming: Incoming) -> Outcome:
    data = incoming.data or b""
    if data.startswith(b"die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if data.startswith(b"exit"):
        os._exit(7)
    if data.startswith(b"hang"):
        while True:
            pass
    if data.startswith(b"sleep"):
        time.sleep(0.2)
    if data.startswith(b"log"):
        logging.getLogger("newsroom.ingest.worker").error("The document %s is odd", incoming.name)
    return _outcome(incoming)


def fragile(incoming: Incoming) -> Outcome:
    """Dies of the document the first time it comes, as one does for which the memory did not suffice just then."""
    mark = Path(incoming.name)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _outcome(incoming)


def modules(incoming: Incoming) -> Outcome:
    """The Django modules of this process, as the outcome's text."""
    outcome = _outcome(incoming)
    outcome.text = " ".join(sorted(name for name in sys.modules if name.split(".")[0] in {"django", "articles"}))
    return outcome


def _outcome(incoming: Incoming) -> Outcome:
    data = incoming.data or b""
    return Outcome(incoming.name, hashlib.sha256(data).hexdigest(), incoming.data, text=data.decode())
