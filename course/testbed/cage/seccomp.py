"""A filter for system calls (seccomp): what no web project needs is refused, as if the kernel did not have it.

Names and numbers are those of linux/seccomp.h, linux/bpf_common.h, linux/audit.h and the tables of each architecture.
"""

from __future__ import annotations

import platform
import struct

LOAD, JUMP_IF_EQUAL, JUMP_IF_GREATER, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NOT_PERMITTED, NO_SUCH_CALL, NO_SUCH_FAMILY = 1, 38, 97  # errno
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where struct seccomp_data has them
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000  # the bit of another set of numbers on x86_64
NEW_USER = 0x10000000
FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
DENIED = {  # x86_64, aarch64
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    "shmget": (29, 194),  # memory that no process need hold, and so nobody counts; so are the next two
    "semget": (64, 190),
    "msgget": (68, 186),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mq_open": (240, 180),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "personality": (135, 92),
    "sched_setaffinity": (203, 122),  # each submission has a core of its own, and keeps to it
}
CLONE, CLONE3, SOCKET, SOCKETPAIR = (56, 220), (435, 435), (41, 198), (53, 199)


def program(machine: str = "") -> bytes:
    """Return the filter for a machine, ours unless it is named; empty for one whose numbers we do not know."""
    machine = machine or platform.machine()
    if machine not in AUDIT:
        return b""
    column = list(AUDIT).index(machine)
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(JUMP_IF_EQUAL, AUDIT[machine], yes=1),
        _refuse(NO_SUCH_CALL),
        _step(LOAD, NUMBER),
        _step(JUMP_IF_GREATER, X32 - 1, no=1),
        _refuse(NO_SUCH_CALL),
    ]
    for numbers in DENIED.values():
        steps += [_step(JUMP_IF_EQUAL, numbers[column], no=1), _refuse(NOT_PERMITTED)]
    steps += [
        _step(JUMP_IF_EQUAL, CLONE3[column], no=1),
        _refuse(NO_SUCH_CALL),
    ]  # libc asks clone then
    clone = [_step(LOAD, FIRST_ARGUMENT), _step(JUMP_IF_SET, NEW_USER, no=1), _refuse(NOT_PERMITTED), _allow()]
    steps += [_step(JUMP_IF_EQUAL, CLONE[column], no=len(clone)), *clone]
    families = [_step(LOAD, FIRST_ARGUMENT)]
    for place, family in enumerate(FAMILIES):
        families.append(_step(JUMP_IF_EQUAL, family, yes=len(FAMILIES) - place))
    families += [_refuse(NO_SUCH_FAMILY), _allow()]
    steps += [
        _step(JUMP_IF_EQUAL, SOCKET[column], yes=1),
        _step(JUMP_IF_EQUAL, SOCKETPAIR[column], no=len(families)),
        *families,
        _allow(),
    ]
    return b"".join(steps)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _refuse(error: int) -> bytes:
    return _step(RETURN, REFUSE | error)


def _allow() -> bytes:
    return _step(RETURN, ALLOW)
