"""The block that keeps tests on this machine: loopback and Unix sockets only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest

NAMES_OF_THIS_MACHINE = {"localhost", "", None}


class OutsideNetwork(RuntimeError):
    """A test tried to reach another machine."""


def is_here(address: Any) -> bool:
    """Whether a socket address is of this machine; a Unix socket's address is a path."""
    if isinstance(address, (str, bytes)):
        return True
    host = address[0]
    if host in NAMES_OF_THIS_MACHINE:
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(address: Any) -> None:
    raise OutsideNetwork(
        f"A test tried to reach {address!r}. A suite that needs the network fails when the network does, "
        "and may touch what is real: use a fake that stands on this machine, or mark the test `network`."
    )


@contextmanager
def blocked() -> Iterator[None]:
    """No Python socket in this process reaches, or looks up, another machine while the block runs."""
    original: dict[str, Any] = {
        name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")
    }
    look_up = socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> Any:
        return original["connect"](self, address) if is_here(address) else _refuse(address)

    def connect_ex(self: socket.socket, address: Any) -> Any:
        return original["connect_ex"](self, address) if is_here(address) else _refuse(address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> Any:
        return original["sendto"](self, data, *rest) if is_here(rest[-1]) else _refuse(rest[-1])

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return look_up(host, *rest, **named) if is_here((name,)) else _refuse(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket.socket, "sendto", sendto)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
