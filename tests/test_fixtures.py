"""Every fixture says in comments what is to be found in it; whatever else is reported is a false alarm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import CONFIDENCES, Finding

FIXTURES = Path(__file__).with_name("fixtures")
PROJECTS = ("incidents", "projects")
RULES = {
    "never-released": "LKN101",
    "leak-on-exception": "LKN102",
    "leak-on-return": "LKN103",
    "lost-by-rebinding": "LKN104",
    "discarded": "LKN105",
    "with-does-not-close": "LKN201",
    "release-not-awaited": "LKN202",
    "closed-not-returned": "LKN203",
    "field-never-released": "LKN301",
    "init-leak": "LKN302",
}
COMMENT = re.compile(r"#\s*(expect|step|exits|options)(?: (\d+))?:([^#]*)")
FUNCTION = re.compile(r"\s*(async )?def ")

Options = dict[str, str]


@dataclass(frozen=True)
class Step:
    """A line the witness passes, and words of what is said there."""

    line: int
    words: str


@dataclass(frozen=True)
class Expectation:
    """One finding that a comment asks for."""

    file: str
    line: int
    code: str
    confidence: str
    exits: int | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Fixture:
    """One module, or the modules of one project, and what their comments say."""

    name: str
    paths: tuple[Path, ...]

    @cached_property
    def options(self) -> Options:
        """The `key=value` pairs of the `# options:` comments."""
        pairs = (
            pair
            for path in self.paths
            for _, kind, _, text in comments(path)
            if kind == "options"
            for pair in text.split(",")
        )
        return {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in pairs)}

    @cached_property
    def expectations(self) -> list[Expectation]:
        """What the `# expect:` comments ask for."""
        return [expectation for path in self.paths for expectation in expected(path)]


def comments(path: Path) -> Iterator[tuple[int, str, int, str]]:
    """Line, kind, number (0 if none) and text of each comment that is meant for us."""
    for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        for match in COMMENT.finditer(text):
            yield line, match[1], int(match[2] or 0), match[3].strip()


def functions(path: Path) -> list[int]:
    """For each line, the line of the `def` above it: that is how a step finds its finding."""
    above, found = 0, [0]
    for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        above = line if FUNCTION.match(text) else above
        found.append(above)
    return found


def expected(path: Path) -> Iterator[Expectation]:
    """The expectations of one module, each with the steps of its own function."""
    said, owner = list(comments(path)), functions(path)
    for line, kind, _, text in said:
        if kind == "expect":
            code, _, confidence = text.partition(" ")
            exits = [int(number) for at, word, _, number in said if word == "exits" and at == line]
            steps = sorted((n, at, words) for at, word, n, words in said if word == "step" and owner[at] == owner[line])
            ways = tuple(Step(at, words) for _, at, words in steps)
            yield Expectation(display(path), line, code, confidence, exits[0] if exits else None, ways)


def display(path: Path) -> str:
    """The path as the findings name it."""
    return path.relative_to(FIXTURES).as_posix()


def collect() -> Iterator[Fixture]:
    """Every fixture: a folder of `PROJECTS` is one project, any other module stands for itself."""
    for folder in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        if folder.name in PROJECTS:
            for project in sorted(path for path in folder.iterdir() if path.is_dir()):
                yield Fixture(
                    display(project),
                    tuple(sorted(p for p in project.rglob("*.py") if not p.name.endswith(".fixed.py"))),
                )
        else:
            modules = sorted(path for path in folder.glob("*.py") if not path.name.endswith(".fixed.py"))
            yield from (Fixture(display(path), (path,)) for path in modules)


FOUND = list(collect())


def run(paths: tuple[Path, ...], options: Options) -> list[Finding]:
    """Check the files together, and keep what the command line would show."""
    settings = Settings(raises=options.get("raises", "likely"))
    outcome = check([File(path=path, display=display(path), settings=settings, source=None) for path in paths])
    shown = CONFIDENCES[CONFIDENCES.index(options.get("min-confidence", "medium")) :]
    selected = options.get("select", "")
    return [f for f in outcome.findings if f.confidence in shown and (f.code != "LKN301" or f.code in selected)]


def source(file: str, line: int) -> str:
    """A line of a fixture without its comment."""
    return (FIXTURES / file).read_text("utf-8").splitlines()[line - 1].partition("#")[0].strip()


def differences(expectations: list[Expectation], findings: list[Finding]) -> Iterator[str]:
    """Each alarm that is missing and each that is false."""
    wanted = Counter((e.file, e.line, e.code) for e in expectations)
    got = Counter((f.filename, f.line, f.code) for f in findings)
    for kind, places in (("missing", wanted - got), ("unexpected", got - wanted)):
        for file, line, code in sorted(places.elements()):
            yield f"{kind:>10} {code} at {file}:{line}:  {source(file, line)}"


def disagreements(expectation: Expectation, finding: Finding) -> Iterator[str]:
    """What a finding at the right place says differently: its confidence, its exits, its witness."""
    place = f"{finding.code} at {finding.filename}:{finding.line}"
    if expectation.confidence and expectation.confidence != finding.confidence:
        yield f"{place}: confidence {finding.confidence}, expected {expectation.confidence}"
    if expectation.exits is not None and expectation.exits != len(finding.exits):
        exits = "".join(f"\n    {way.line}: {way.kind} {way.reason}" for way in finding.exits)
        yield f"{place}: {len(finding.exits)} exits, expected {expectation.exits}{exits}"
    trace = iter(finding.trace)
    for step in expectation.steps:
        if not any(said.line == step.line and step.words in said.message for said in trace):
            witness = "".join(f"\n    {said.line}: {said.message}" for said in finding.trace)
            yield f"{place}: the witness does not go on to line {step.line} saying {step.words!r}{witness}"
            break


@pytest.mark.parametrize("fixture", [pytest.param(fixture, id=fixture.name) for fixture in FOUND])
def test_fixture(fixture: Fixture) -> None:
    findings = run(fixture.paths, fixture.options)
    problems = list(differences(fixture.expectations, findings))
    reported = {(f.filename, f.line, f.code): f for f in findings}
    for expectation in fixture.expectations:
        finding = reported.get((expectation.file, expectation.line, expectation.code))
        problems += disagreements(expectation, finding) if finding else ()
    assert not problems, "\n".join([fixture.name, *problems])


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_loud_and_a_quiet_half(rule: str) -> None:
    modules = [path for fixture in FOUND for path in fixture.paths if path.parent.name == rule]
    loud = {
        (e.file, functions(FIXTURES / e.file)[e.line])
        for path in modules
        for e in expected(path)
        if e.code == RULES[rule]
    }
    every = {(display(path), line) for path in modules for line in functions(path) if line}
    assert len(loud) >= 3
    assert len(every - loud) >= 3


@pytest.mark.parametrize("fixture", [pytest.param(fixture, id=fixture.name) for fixture in FOUND])
def test_steps_belong_to_one_finding(fixture: Fixture) -> None:
    for path in fixture.paths:
        owner = functions(path)
        loud = Counter(owner[e.line] for e in expected(path))
        lonely = [
            f"{display(path)}:{line}"
            for line, kind, _, _ in comments(path)
            if kind == "step" and loud[owner[line]] != 1
        ]
        assert not lonely, "a step needs exactly one `# expect:` in its function"


def test_every_form_of_resolution_has_a_loud_and_a_quiet_project() -> None:
    rows = re.findall(r"^\| .+ \| `(\w+)` \| `(\w+)` \|$", (FIXTURES / "README.md").read_text("utf-8"), re.MULTILINE)
    known = {fixture.name: fixture for fixture in FOUND}
    assert len(rows) >= 20
    for loud, quiet in rows:
        assert known[f"projects/{loud}"].expectations, loud
        assert not known[f"projects/{quiet}"].expectations, quiet
