"""The walls of the limited child, put up before a stranger's byte is read. What stands in there can only think.

Three of them, each for itself: limits of the kernel (memory, processor, files), a filter of system
calls (no network, no program, no process, no file made, moved or removed; Linux on x86-64 and
AArch64), and an audit hook that says the same to Python, wherever there is no filter.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 332 << 20
"""Bytes of address space. About 100 MB of it are libraries that never come into memory: the child stays under 256 MB."""
CPU_SECONDS: Final = 5
FILES: Final = 32

_SYSTEM_CALLS: Final = {
    # socket socketpair connect accept sendto recvfrom sendmsg bind listen accept4 | clone fork vfork execve kill ptrace execveat clone3
    # | rename mkdir rmdir creat link unlink symlink chmod fchmod chown fchown lchown truncate mknod mkdirat unlinkat renameat
    # linkat symlinkat fchmodat fchownat mknodat renameat2 fallocate | mount umount2 unshare setns chroot bpf perf_event_open
    # keyctl add_key request_key io_uring_setup process_vm_readv process_vm_writev pidfd_open userfaultfd memfd_create openat2
    "x86_64": (0xC000003E, (2, 1), (257, 2), (
        41, 53, 42, 43, 44, 45, 46, 49, 50, 288, 56, 57, 58, 59, 62, 101, 322, 435,
        82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 76, 133, 258, 263, 264, 265, 266, 268, 260, 259, 316, 285,
        165, 166, 272, 308, 161, 321, 298, 250, 248, 249, 425, 310, 311, 434, 323, 319, 437,
    )),
    "aarch64": (0xC00000B7, None, (56, 2), (
        198, 199, 203, 202, 206, 207, 211, 200, 201, 242, 220, 221, 129, 117, 281, 435,
        38, 34, 35, 37, 36, 52, 53, 54, 55, 45, 33, 276, 47,
        40, 39, 97, 268, 51, 280, 241, 219, 217, 218, 425, 270, 271, 434, 282, 279, 437,
    )),
}  # fmt: skip
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_REFUSED_EVENTS: Final = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.kill", "os.startfile", "os.rename",
    "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.putenv", "shutil.",
    "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "pty.", "signal.pthread_kill", "ctypes.dlopen", "tempfile.", "sqlite3.",
    "pickle.",
)  # fmt: skip


class Walled(PermissionError):
    """What was read tried to reach out; it did not get there."""


def raise_walls() -> None:
    """All walls, for the rest of this process. Libraries with native parts must be imported before."""
    limit()
    filter_system_calls()
    listen()


def limit() -> None:
    """Address space, processor seconds, bytes written to files, open files, core dumps."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, FILES, FILES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))


def listen() -> None:
    """Raise on whatever reaches out of the process, and on files that are not the libraries' own."""
    homes = tuple(
        {str(Path(home)) + os.sep for home in (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), Path(__file__).parents[2])}
    )

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, int):
                return
            if (flags or 0) & _WRITING or not os.path.abspath(os.fsdecode(path)).startswith(homes):
                raise Walled(event)
        elif event.startswith(_REFUSED_EVENTS):
            raise Walled(event)

    sys.addaudithook(hook)


def filter_system_calls() -> bool:
    """True when the kernel took the filter (seccomp, mode 2): calls of the list answer EPERM from now on."""
    known = _SYSTEM_CALLS.get(platform.machine())
    if known is None or not sys.platform.startswith("linux"):
        return False
    program = _program(*known)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, by_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(seccomp, by_filter, ctypes.create_string_buffer(head, len(head)), 0, 0) == 0)


def _program(arch: int, opens: tuple[int, int] | None, openat: tuple[int, int], refused: tuple[int, ...]) -> bytes:
    """Berkeley packet filter over struct seccomp_data {nr, arch, ip, args[6]}; see seccomp(2)."""
    load, equal, at_least, bits, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, eperm = 0x7FFF0000, 0x00050000 | 1

    def step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, k)

    def refuse_when(code: int, k: int) -> bytes:
        return step(code, k, 0, 1) + step(answer, eperm)

    lines = step(load, 4) + step(equal, arch, 1, 0) + step(answer, eperm) + step(load, 0) + refuse_when(at_least, 0x40000000)
    lines += b"".join(refuse_when(equal, number) for number in refused)
    for number, argument in filter(None, (opens, openat)):
        lines += step(equal, number, 0, 4) + step(load, 16 + 8 * argument) + refuse_when(bits, _WRITING) + step(answer, allow)
    return lines + step(answer, allow)
