"""Where results are kept, and which results can be of use to this program."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from leaklint import __version__

PACKAGE = Path(__file__).resolve().parent.parent


def folder(configured: str = "") -> Path:
    """The folder that was configured, else one of ours where the platform keeps caches."""
    if configured:
        return Path(configured)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "leaklint" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "leaklint"
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".cache") / "leaklint"


def file_for(project: Path, configured: str = "") -> Path:
    """The file that keeps what is known of a project, by its root."""
    return folder(configured) / f"{project.name or 'root'}-{digest(os.fsencode(project)).hex()[:16]}.sqlite"


def digest(*parts: bytes) -> bytes:
    """Sixteen bytes that stand for these."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.digest()


def project_key(settings: bytes, *, fixes: bool) -> bytes:
    """What is checked here with these settings; where fixes were asked for, more was found."""
    return digest(os.fsencode(Path.cwd()), settings + (b" fixes" if fixes else b""))


def program() -> bytes:
    """This very program: its version, Python's, and the state of its files, which a checkout changes without either."""
    files = sorted(PACKAGE.rglob("*.py"))
    state = [f"{path.relative_to(PACKAGE)} {(seen := path.stat()).st_size} {seen.st_mtime_ns}" for path in files]
    return digest(__version__.encode(), sys.version.encode(), "\n".join(state).encode())
