"""Whatever happens to the child is an answer, and nothing that runs in it gets out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from suppliers.reading import Seen, child, look


def played(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kind: bytes = b"%PDF-1.7") -> Seen:
    """The child as it is, with ``code`` in the place where it would look at the bytes; what it returns is the trouble."""
    stand_in = "import suppliers.reading.__main__ as main\nfrom suppliers.reading import troubled\n"
    stand_in += "def look(reader, content, header):\n    trouble = None\n"
    stand_in += "".join(f"    {line}\n" for line in code.splitlines()) + "    return troubled(trouble), []\n"
    (tmp_path / "stand_in.py").write_text(stand_in + "main._look = look\nmain.main()\n")
    monkeypatch.setattr(child, "COMMAND", [*child.COMMAND[:3], str(tmp_path / "stand_in.py")])
    return look(kind, anchors=[], at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("x = b' ' * (2 << 30)", "child.memory"),
        ("import os; os.abort()", "child.crashed"),
        ("raise SystemExit(0)", "child.crashed"),
        ("import os; os.write(1, b'{}\\n' + bytes(4)); os._exit(0)", "child.crashed"),
        ("import os; os.write(1, b'x' * 1000 + bytes(4)); os._exit(0)", "child.crashed"),
        ("import os\nwhile True: os.write(1, bytes(1 << 16))", "child.crashed"),
        ("__import__('resource').setrlimit(__import__('resource').RLIMIT_CPU, (1, 2))\nwhile True: pass", "child.timeout"),
        ("raise RuntimeError", "child.crashed"),
        ("trouble = 'as it was'", "as it was"),
    ],
)
def test_whatever_happens_to_the_child_is_an_answer(code: str, trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert played(code, tmp_path, monkeypatch).reading["trouble"] == trouble


def test_a_child_that_sleeps_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 1)
    seen = played("import time; time.sleep(60)", tmp_path, monkeypatch)
    assert seen.reading["trouble"] == "child.timeout"
    assert seen.seconds < 10


OUT = {
    "a socket": "import socket; socket.socket()",
    "a socket of C": "import _socket; _socket.socket()",
    "a program": "import subprocess; subprocess.run(['true'])",
    "another program": "import os; os.execv('/bin/true', ['true'])",
    "a process": "import os; os.fork()",
    "a shell": "import os; os.system('true')",
    "a file to write": "open('/tmp/suyuan-child', 'wb')",
    "a file to append": "import os; os.open('/tmp/suyuan-child', os.O_WRONLY | os.O_CREAT)",
    "a secret to read": "open('/etc/passwd').read()",
    "the neighbour": "import os; os.kill(os.getppid(), 0)",
    "a file to remove": "import os; os.remove(__file__)",
    "a folder": "import os; os.mkdir('/tmp/suyuan-child-folder')",
    "another library": "import ctypes; ctypes.CDLL('libm.so.6')",
}


@pytest.mark.parametrize("way", sorted(OUT))
def test_nothing_gets_out(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"try:\n    {OUT[way]}\n    trouble = 'it got out'\nexcept PermissionError:\n    trouble = 'it did not'"
    assert played(code, tmp_path, monkeypatch).reading["trouble"] == "it did not"


SYSTEM_CALLS = {
    "socket": "libc.socket(2, 1, 0)",
    "fork": "libc.fork()",
    "write": "libc.open(b'/tmp/suyuan-child', 0o101, 0o600)",
    "unlink": "libc.unlink(b'/tmp/suyuan-child')",
    "kill": "libc.kill(1, 0)",
    "ptrace": "libc.ptrace(0, 0, 0, 0)",
    "execve": "libc.execve(b'/bin/true', None, None)",
}


@pytest.mark.parametrize("call", sorted(SYSTEM_CALLS))
def test_code_that_is_no_python_gets_out_as_little(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a decoder that was taken over would try."""
    code = f"""
import ctypes
libc = ctypes.pythonapi
answer = {SYSTEM_CALLS[call]}
trouble = 'refused' if answer == -1 else str(answer)
"""
    assert played(code, tmp_path, monkeypatch).reading["trouble"] == "refused"


def test_the_child_has_no_word_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")
    assert played("import os; trouble = ' '.join(sorted(os.environ))", tmp_path, monkeypatch).reading["trouble"] == (
        "LC_ALL OPENBLAS_NUM_THREADS PYTHONDONTWRITEBYTECODE PYTHONPATH TZ"
    )


def test_what_it_says_is_taken_apart_as_it_was_put_together() -> None:
    reading, pictures = child.taken_apart(child.compose({"a": "溯源"}, [b"one", b"\n\0two"]))
    assert (reading, pictures) == ({"a": "溯源"}, [b"one", b"\n\0two"])
    for broken in (b"", b"{}", b"{}\n", b"[]\n" + child.END, b"{}\n\0\0\0\x09abc" + child.END, b"{}\n" + child.END + b"more"):
        with pytest.raises(ValueError):  # noqa: PT011  of json as well
            child.taken_apart(broken)
