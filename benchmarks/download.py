"""Fetch the pinned packages of packages.txt and unpack their Python files, one directory per package.

    python benchmarks/download.py [FOLDER [PACKAGE...]]        (default: benchmarks/corpus, which git ignores, and all)

Nothing is installed and nothing is built but an sdist's metadata. A package that is already there is left alone.
"""

import argparse
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent


def pinned() -> list[str]:
    lines = (line.split("#")[0].strip() for line in (HERE / "packages.txt").read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def fetch(requirement: str, into: Path) -> Path:
    """Download a wheel or, where there is none for this machine, the sdist; CalledProcessError if neither is found."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python"]
    for form in ("--only-binary=:all:", "--no-binary=:all:"):
        done = subprocess.run([*pip, form, "--dest", into, requirement], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return next(into.iterdir())
    raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)


def python_files(archive: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield path and content of each Python file; an sdist's outermost directory is dropped."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith(".py"):
                    yield PurePosixPath(name), wheel.read(name)
        return
    with tarfile.open(archive) as sdist:
        for member in sdist:
            content = sdist.extractfile(member) if member.name.endswith(".py") else None
            if content is not None:
                yield PurePosixPath(*PurePosixPath(member.name).parts[1:]), content.read()


def unpack(archive: Path, into: Path) -> None:
    for path, content in python_files(archive):
        target = into / path
        if not target.resolve().is_relative_to(into.resolve()):
            raise ValueError(f"{archive.name} writes outside its folder: {path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def get(requirement: str, corpus: Path) -> str:
    """Put one package into the corpus and say how large its Python is."""
    target = corpus / requirement.partition("==")[0]
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=corpus) as scratch:
            downloads, unpacked = Path(scratch, "downloads"), Path(scratch, "unpacked")
            downloads.mkdir()
            unpacked.mkdir()
            unpack(fetch(requirement, downloads), unpacked)
            unpacked.rename(target)
    return f"{requirement:60}{size(target)}"


def size(folder: Path) -> str:
    sizes = [path.stat().st_size for path in folder.rglob("*.py") if path.is_file()]
    return f"{len(sizes):7,} files {sum(sizes) / 1e6:7.1f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "corpus")
    parser.add_argument("package", nargs="*", help="only these")
    given = parser.parse_args()
    corpus: Path = given.folder
    wanted = [one for one in pinned() if not given.package or one.partition("==")[0] in given.package]
    corpus.mkdir(parents=True, exist_ok=True)
    failures = []
    with ThreadPoolExecutor(max_workers=6) as threads:
        running = {requirement: threads.submit(get, requirement, corpus) for requirement in wanted}
        for requirement, future in running.items():
            try:
                print(future.result(), flush=True)  # noqa: T201 - a report is what people run it for
            except subprocess.CalledProcessError as error:
                failures.append(requirement)
                print(f"{requirement}: {error.stderr.strip()}", file=sys.stderr)  # noqa: T201
    print(f"{'all':60}{size(corpus)}")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
