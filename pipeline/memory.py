"""A bound on the memory of a process that reads documents from others."""

from __future__ import annotations

import sys

# Measured: a warm worker that has read the sample documents has 0.66 GiB of address space (0.22 GiB resident), so this
# leaves 1.3 GiB for one document. A limit on the resident part does not exist on Linux.
MAX_ADDRESS_SPACE = 2 * 1024**3


def limit_memory(max_bytes: int) -> None:
    """Turn a document that eats all memory into a MemoryError in its own process; where the system can do that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not on Windows)

    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (OSError, ValueError):
        return  # macOS refuses; the time limit and the limits on files remain
