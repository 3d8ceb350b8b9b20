"""Where throw-away databases are kept: in memory, where the machine has a folder for that with room in it."""

import os
import shutil

SHARED_MEMORY = "/dev/shm"
ROOM = 2 * 1024**3  # several times what the databases of one test process take at once


def folder_in_memory() -> str | None:
    """A folder that is never on a disk, for `tempfile`; None: its usual one."""
    if os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > ROOM:
        return SHARED_MEMORY
    return None
