"""Bring the few browser files that Suyuan serves into the tree, so that neither installing nor running needs node.

    python tools/vendor_static.py

Each package is packed by npm at one exact version. The tarball is hashed here and compared with the
registry's integrity and, once there is a lock, with the lock: a version whose bytes have changed since
stops the run. What was copied, and the SHA-256 of each file, stands in app/static/vendor/vendor.lock.json.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parents[1] / "app" / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry and the files that we take, by their path in the tarball."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        return self.name.rsplit("/", 1)[-1]


PACKAGES = (
    Package("htmx.org", "4.0.1", "0BSD", ("dist/htmx.min.js", "LICENSE")),
    Package("@picocss/pico", "2.1.1", "MIT", ("css/pico.min.css", "LICENSE.md")),
    Package("uplot", "1.6.32", "MIT", ("dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE")),
    Package("zxing-wasm", "3.1.4", "MIT AND Apache-2.0", ("dist/iife/reader/index.js", "dist/reader/zxing_reader.wasm", "LICENSE")),
)


def main() -> int:
    known = json.loads(LOCK.read_text()) if LOCK.exists() else {}
    lock = {package.name: vendor(package, known.get(package.name, {})) for package in PACKAGES}
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")
    return 0


def vendor(package: Package, known: dict[str, Any]) -> dict[str, Any]:
    """Pack, check, copy; answers the package's entry in the lock."""
    with tempfile.TemporaryDirectory() as scratch:
        tarball, promised = pack(package, Path(scratch))
        digest = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        expected = known["integrity"] if known.get("version") == package.version else promised
        if not digest == promised == expected:
            raise SystemExit(f"{package.name}@{package.version}: expected {expected}, the registry says {promised}, got {digest}")
        return {
            "version": package.version,
            "licence": package.licence,
            "integrity": digest,
            "files": copy(package, tarball),
        }


def pack(package: Package, scratch: Path) -> tuple[Path, str]:
    """The tarball and the integrity that the registry promises for it."""
    command = ["npm", "pack", f"{package.name}@{package.version}", "--json", "--ignore-scripts"]
    said = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True).stdout
    (tarball,) = scratch.glob("*.tgz")
    answer = json.loads(said)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return tarball, entry["integrity"]


def copy(package: Package, tarball: Path) -> dict[str, str]:
    """Write the listed files and answer {path below vendor/: SHA-256}."""
    target = VENDOR / package.folder
    target.mkdir(parents=True, exist_ok=True)
    written = {}
    with tarfile.open(tarball) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{package.name}@{package.version} has no file {name}")
            content = member.read()
            path = target / Path(name).name
            path.write_bytes(content)
            written[path.relative_to(VENDOR).as_posix()] = hashlib.sha256(content).hexdigest()
    return written


if __name__ == "__main__":
    sys.exit(main())
