"""Names the worker that holds a row."""

import os
import socket
import uuid


def new_worker_name() -> str:
    """Return a name that no other claim has, and that a person can trace to a machine."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
