"""What a confined process may do: compute. No network, no further files, bounded memory and time.

Three fences, each enough against an ordinary mistake: WeasyPrint is given a fetcher that knows only the
document's own assets (renderer.py); Python refuses to open, connect or start anything (here); and the kernel
limits memory, time and, where it lets an ordinary process do so, takes the network away (here).
"""

import ctypes
import os
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 2_000_000_000  # of address space; a process that renders has about 90 MB in memory
_OPEN_FILES = 64

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_FORBIDDEN = frozenset(
    {
        "os.exec", "os.fork", "os.forkpty", "os.kill", "os.link", "os.mkdir", "os.posix_spawn", "os.putenv",
        "os.remove", "os.rename", "os.rmdir", "os.spawn", "os.symlink", "os.system", "os.truncate",
        "shutil.rmtree", "socket.__new__", "socket.bind", "socket.connect", "socket.getaddrinfo",
        "socket.gethostbyname", "subprocess.Popen", "urllib.Request",
    }
)  # fmt: skip


def without_network() -> bool:
    """Leave the machine's network for an empty one; whether the kernel allowed it.

    Needs a process with a single thread and a kernel that lets ordinary users make name spaces.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        return bool(libc.unshare(_CLONE_NEWNET) == 0)
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def limit_memory(bytes_of_address_space: int) -> None:
    """Asking for more raises MemoryError, or ends this process and no other."""
    resource.setrlimit(resource.RLIMIT_AS, (bytes_of_address_space, bytes_of_address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def limit_time(seconds: int) -> None:
    """So many more seconds of processor time; after them the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soonest = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soonest, hard))


def nothing_but(*readable: Path) -> None:
    """From now on Python code in this process may read files below these folders, and nothing else at all.

    Cannot be undone. Modules that are still to be imported may be read, but not the folder the project is in:
    keys and databases may stand there.
    """
    modules = (Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[1])
    allowed = tuple(os.path.realpath(folder) + os.sep for folder in (*readable, *modules))

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"a confined process may not do {event}")
        if event == "open":
            _refuse_to_open(arguments, allowed)

    sys.addaudithook(refuse)


def _refuse_to_open(arguments: tuple[object, ...], allowed: tuple[str, ...]) -> None:
    name, mode, flags = (*arguments, None, None)[:3]
    if isinstance(name, int):  # a descriptor that is open already
        return
    writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    path = os.path.realpath(os.fsdecode(name)) if isinstance(name, (str, bytes, os.PathLike)) else ""
    if writing or (isinstance(mode, str) and set(mode) & set("wax+")) or not path.startswith(allowed):
        raise PermissionError("a confined process may not open this file")
