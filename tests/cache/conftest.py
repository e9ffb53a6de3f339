"""A project in a folder of its own, checked again and again with what was kept of the runs before."""

from __future__ import annotations

from pathlib import Path

import pytest

import leaklint.analysis
from leaklint.check import Outcome, check
from leaklint.config import Settings
from leaklint.discover import File, display_name

SETTINGS = Settings()


class Project:
    """Sources by name; what a run finds, as lines of text, and which files it looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / "kept" / "cache.sqlite"
        self.looked_at: list[str] = []
        (root / "src").mkdir()
        (root / "pyproject.toml").touch()

    def write(self, **sources: str) -> None:
        for name, text in sources.items():
            (self.root / "src" / f"{name}.py").write_text(text)

    def files(self, *names: str, settings: Settings = SETTINGS) -> list[File]:
        paths = sorted((self.root / "src").glob("*.py"))
        return [File(p, display_name(str(p)), settings) for p in paths if not names or p.stem in names]

    def found(self, *names: str, cache: bool = True, jobs: int = 1, settings: Settings = SETTINGS) -> list[str]:
        outcome = self.outcome(*names, cache=cache, jobs=jobs, settings=settings)
        return [f"{Path(f.filename).stem}:{f.line} {f.code} {f.confidence} {f.message}" for f in outcome.findings]

    def outcome(self, *names: str, cache: bool = True, jobs: int = 1, settings: Settings = SETTINGS) -> Outcome:
        self.looked_at.clear()
        return check(self.files(*names, settings=settings), jobs=jobs, cache=self.cache if cache else None)

    def again(self, *names: str, settings: Settings = SETTINGS) -> list[str]:
        """What is found with the help of earlier runs, having made sure that it is what is found without."""
        found = self.found(*names, settings=settings)
        looked_at = list(self.looked_at)
        assert found == self.found(*names, cache=False, settings=settings)
        self.looked_at[:] = looked_at
        return found


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    inner = leaklint.analysis.check_file

    def noted(over, module, file, notebook, *, fixes):
        project.looked_at.append(file.path.stem)
        return inner(over, module, file, notebook, fixes=fixes)

    monkeypatch.setattr(leaklint.analysis, "check_file", noted)
    return project
