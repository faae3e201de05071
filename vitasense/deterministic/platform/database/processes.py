"""Whether a process is what its pid file says."""

import subprocess
from pathlib import Path


def is_postgres(pid: int) -> bool:
    """True when `pid` is a living PostgreSQL server: not gone, not a zombie, not another program with its number."""
    state, name = _state_and_name(pid)
    return name == "postgres" and not state.startswith("Z")


def _state_and_name(pid: int) -> tuple[str, str]:
    if Path("/proc/self").exists():
        try:
            before, _, after = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
        except (FileNotFoundError, ProcessLookupError):
            return "", ""
        return after[:1], before.partition("(")[2]
    listing = ["ps", "-o", "stat=,ucomm=", "-p", str(pid)]
    state, _, name = subprocess.run(listing, capture_output=True, text=True).stdout.strip().partition(" ")
    return state, name.strip()
