"""Namespaces of the kernel: a network that leads nowhere, and mounts that nobody else sees and that end with us.

A process that enters them needs no more rights than it has: an ordinary user becomes the owner of a user namespace.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

NEW_MOUNTS, NEW_USER, NEW_NETWORK = 0x20000, 0x10000000, 0x40000000  # linux/sched.h
NO_SUID, NO_DEVICES, BIND, REMOUNT, RECURSIVE, PRIVATE, NO_SYMLINKS = 2, 4, 4096, 32, 16384, 1 << 18, 256  # sys/mount.h
DETACH = 2
SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x41  # linux/sockios.h, linux/if.h

T = TypeVar("T")


def enter() -> None:
    """Move this process, with all that it starts from now on, into namespaces of its own.

    Its network has a loopback and no way out; what it mounts nobody else sees. It has to have one thread only.
    Raises OSError where the kernel, or its security module, does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    _unshare(NEW_MOUNTS | NEW_NETWORK | (NEW_USER if user else 0))
    if user:
        for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", file).write_text(text)
    _mount("", Path("/"), "", RECURSIVE | PRIVATE)
    _bring_loopback_up()


def mount_copy_place(inner: Path, outer: Path, size_bytes: int, files: int) -> None:
    """Mount a file system of limited size twice: at `outer` for us, who follow no symbolic link in it, and at `inner`.

    So whatever a submission makes of its files, they lead us nowhere.
    """
    mount_tmpfs(inner, size_bytes, files, "755")
    _mount(str(inner), outer, "", BIND)
    _mount("", outer, "", BIND | REMOUNT | NO_SUID | NO_DEVICES | NO_SYMLINKS)


def mount_tmpfs(folder: Path, size_bytes: int, files: int, mode: str) -> None:
    """Mount a file system in memory, of limited size, that holds so many files and folders at most."""
    options = f"size={size_bytes},nr_inodes={files},mode={mode}"
    _mount("tmpfs", folder, "tmpfs", NO_SUID | NO_DEVICES, options)


def unmount(folder: Path) -> None:
    """Take away what is mounted at a folder, also where somebody still uses it."""
    if _libc().umount2(os.fsencode(folder), DETACH):
        _fail(f"umount {folder}")


class Network:
    """The network that this process is in, as a place where sockets and processes are made."""

    def make(self, what: Callable[[], T]) -> T:
        """Call something in the network, and return what it makes."""
        return what()

    def listener(self) -> socket.socket:
        """Return a socket that listens on a port of this machine that the system picks."""
        return self.make(lambda: socket.create_server(("127.0.0.1", 0)))

    def connection(self, port: int, timeout_s: float) -> socket.socket:
        """Return a socket that is connected to a port of this machine; raise OSError where nobody answers."""
        return self.make(lambda: socket.create_connection(("127.0.0.1", port), timeout_s))

    def close(self) -> None:
        """Leave it."""


class PrivateNetwork(Network):
    """One more network that leads nowhere, and that only those are in who are made there.

    A thread lives in it: what `make` calls there, a socket or a process, is in that network for good.
    """

    def __init__(self) -> None:
        """Make it; this process has to have entered namespaces of its own."""
        self._thread = ThreadPoolExecutor(1, "private network", _move_thread)

    def make(self, what: Callable[[], T]) -> T:
        """Call something in the network, and return what it makes."""
        return self._thread.submit(what).result()

    def close(self) -> None:
        """Leave it; it ends with those who are in it."""
        self._thread.shutdown()


def _move_thread() -> None:
    _unshare(NEW_NETWORK)
    _bring_loopback_up()


def _bring_loopback_up() -> None:
    import fcntl  # Windows has none, and imports this too

    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


def _unshare(flags: int) -> None:
    if _libc().unshare(flags):
        _fail("unshare")


def _mount(source: str, target: Path, kind: str, flags: int, options: str = "") -> None:
    texts = (source, os.fspath(target), kind)
    if _libc().mount(*(os.fsencode(text) if text else None for text in texts), flags, options.encode()):
        _fail(f"mount {target}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _fail(what: str) -> None:
    raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
