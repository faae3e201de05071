"""Where a run took place: the versions, the commit, and the folder that inspect-ai may write to."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

_TREE = Path(__file__).parents[2]
_CODE = ("*.py", "*.yaml", "*.md", "*.txt", "*.tsv", "*.sql", "*.json", "*.npz")
_PACKAGES = ("vitasense", "inspect-ai", "langgraph", "litellm", "spacy")


def versions() -> dict[str, str]:
    """The versions of what a figure may depend on."""
    return {"python": platform.python_version()} | {package: version(package) for package in _PACKAGES}


def commit() -> str | None:
    """The commit that runs, with + when files were changed since; None outside of a git checkout."""
    if not (_TREE / ".git").exists():
        return None
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return f"{head}+" if _git("status", "--porcelain", "--untracked-files=no") else head
    except (OSError, subprocess.SubprocessError):
        return None


def code() -> str:
    """A checksum of the package as it lies there: code, rules, weights and cases. Twelve hexadecimal digits."""
    told, package = hashlib.sha256(), _TREE / "vitasense"
    for file in sorted(file for kind in _CODE for file in package.rglob(kind)):
        told.update(f"{file.relative_to(package)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()[:12]


def keep_inspect_in(folder: Path) -> None:
    """Let inspect-ai keep traces and buffers below this folder, draw nothing, and tell nobody; before it is loaded."""
    os.environ["XDG_DATA_HOME"] = str(folder)
    os.environ["INSPECT_DISPLAY"] = "none"
    os.environ.pop("INSPECT_TELEMETRY", None)


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", _TREE, *words], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()
