"""Servers for as long as a block lasts: a folder of their own, a free port of the loopback, never run as root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

POSTGRES_FOLDERS = "lib/postgresql/*/bin"  # Debian keeps the server out of PATH


@contextmanager
def postgres() -> Iterator[int]:
    """Start a PostgreSQL whose user `postgres` needs no password, give its port, and stop it in the end."""
    port = free_port()
    with own_folder() as folder:
        data = str(folder / "data")
        initialise = [program("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, **unprivileged())
        server = [program("postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-F"]
        with running(server, [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], folder):
            yield port


@contextmanager
def running(server: Sequence[str], ping: Sequence[str], folder: Path) -> Iterator[None]:
    """Run a server from the moment that `ping` succeeds to the end of the block."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(server, stdout=log, stderr=log, cwd=folder, **unprivileged())
    try:
        limit = time.monotonic() + 60
        while subprocess.run(ping, capture_output=True, check=False).returncode:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"{server[0]} does not start:\n{(folder / 'log').read_text(errors='replace')}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def own_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        if unprivileged():
            shutil.chown(name, "nobody")
        yield Path(name)


def unprivileged() -> dict:
    """What makes a subprocess run as nobody where this one is root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def program(name: str) -> str:
    """The path of a program; of several PostgreSQLs the one with the highest version."""
    folders = sorted(Path("/usr").glob(POSTGRES_FOLDERS), key=lambda folder: int(folder.parent.name), reverse=True)
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        raise FileNotFoundError(name)
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
