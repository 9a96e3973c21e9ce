"""The house as the guards see it: its packages, its modules, their syntax trees."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOMAINS = ("kernel", "suppliers", "traceability", "monitoring", "members")
PACKAGES = (*DOMAINS, "app")
EXTRAS = ("cv2", "rapidocr", "onnxruntime")
"""What the extra [ocr] brings."""
PAPERS = ("benchmarks", "tests", "tools")


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    """Every Python file of these folders; of the product's packages when none is named."""
    return tuple(sorted(path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def name(path: Path) -> str:
    """A file as it is said in a failing test."""
    return str(path.relative_to(ROOT))


def import_all() -> None:
    """Import every module of the product, so that what registers by existing is there; what needs an extra only where that is installed."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, package + "."):
            if not module.name.endswith(("__main__", "app.wsgi")):
                try:
                    importlib.import_module(module.name)
                except ModuleNotFoundError as missing:
                    if missing.name not in EXTRAS:
                        raise


def every_subclass(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from every_subclass(child)


def texts(path: Path) -> Iterator[tuple[ast.Constant, str]]:
    """Every string in a module that is not a docstring or an audit verb."""
    module = tree(path)
    silent: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record":
            silent |= {id(part) for argument in node.args for part in ast.walk(argument)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node, node.value
