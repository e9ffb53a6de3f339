"""leaklint inside flake8: the findings of the command line, in flake8's form, for one file at a time.

Nothing heavy is imported until a file mentions a name by which something can be acquired. Comments are left to flake8,
which heeds `# noqa` itself.

A rule that is off by default speaks where leaklint's own settings or flake8's `select` and `extend-select` name it.
flake8's `extend_default_ignore` is no help with that: it would outvote `[tool.leaklint]`, and whoever sets `ignore`
switches it off.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeAlias

from leaklint import __version__

if TYPE_CHECKING:
    from leaklint.cache.indexes import Indexes
    from leaklint.config import Settings
    from leaklint.config_load import Configurations
    from leaklint.finding import Finding

Row: TypeAlias = tuple[int, int, str, type]

TROUBLE = "LKN902"
DEEPEST = 3_000  # nested syntax beyond this can overflow the stack of libcst's parser, which ends the process


class Manager(Protocol):
    """What is needed of flake8's `OptionManager`."""

    def add_option(self, *names: str, **keywords: Any) -> None: ...


class Wish(NamedTuple):
    """What flake8 was told about leaklint."""

    raises: str = ""
    min_confidence: str = ""
    config: str = ""
    selected: tuple[str, ...] = ()


class LeakChecker:
    """The plugin: flake8 makes one for each file and asks it to `run`."""

    name = "leaklint-db"
    version = __version__

    _wish: ClassVar[Wish] = Wish()
    _configurations: ClassVar[Configurations | None] = None
    _known: ClassVar[dict[bytes, dict[Path, list[Finding]]]] = {}
    _patterns: ClassVar[dict[int, tuple[Settings, re.Pattern[bytes]]]] = {}
    _indexes: ClassVar[Indexes | None] = None

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._text = "".join(lines)

    @classmethod
    def add_options(cls, manager: Manager) -> None:
        manager.add_option(
            "--leaklint-raises",
            choices=("likely", "all"),
            parse_from_config=True,
            help="What may raise: what does in practice, or every call, operator and store.",
        )
        manager.add_option(
            "--leaklint-min-confidence",
            choices=("low", "medium", "high"),
            parse_from_config=True,
            help="Report findings of this confidence and above.",
        )
        manager.add_option(
            "--leaklint-config",
            metavar="FILE",
            parse_from_config=True,
            normalize_paths=True,
            help="The configuration of leaklint, instead of the nearest pyproject.toml or leaklint.toml.",
        )

    @classmethod
    def parse_options(cls, options: Any) -> None:
        """Only note what is wanted: workers that were not forked are told once more."""
        selected = (*(options.select or ()), *(options.extend_select or ()))
        cls._wish = Wish(
            raises=options.leaklint_raises or "",
            min_confidence=options.leaklint_min_confidence or "",
            config=options.leaklint_config or "",
            selected=tuple(selected),
        )
        cls._configurations = None
        cls._known = {}
        cls._patterns = {}

    def run(self) -> Iterator[Row]:
        """Lines from 1, columns from 0. Whatever goes wrong is a finding, or flake8 would end here."""
        try:
            rows = list(self._rows())
        except Exception as error:
            said = " ".join(str(error).split())
            rows = [trouble(f"this file was not checked for leaks: {type(error).__name__}: {said}")]
        yield from rows

    def _rows(self) -> Iterator[Row]:
        from leaklint.discover import Exclusion

        path = Path(self._filename).absolute()
        settings = self._settings(path)
        assert self._configurations is not None
        found = self._recalled(path, settings)
        if found is None:
            if not self._pattern(settings).search(self._text.encode("utf-8", "replace")):
                return
            if deep(self._tree):
                yield trouble("this file was not checked for leaks: its code is nested too deeply")
                return
            found = self._found(path, settings)
        if found and not Exclusion(self._configurations).named(str(path)):
            for finding in self._unknown(self._asked_for(found, path, settings)):
                yield finding.line, finding.column - 1, message(finding), type(self)

    def _recalled(self, path: Path, settings: Settings) -> list[Finding] | None:
        """What the command line found in this very text, if it has looked at it and kept that."""
        from leaklint.check import engine_settings
        from leaklint.recall import findings_of_project

        assert self._configurations is not None
        key = engine_settings(settings)
        if key not in self._known:
            self._known[key] = findings_of_project(settings, self._configurations.of_folder)
        found = self._known[key].get(path)
        return found if found is not None and self._is_on_disk(path) else None

    def _is_on_disk(self, path: Path) -> bool:
        """Whether flake8 shows the file as it is, and not what somebody is typing into it."""
        from leaklint.reading import decode, split_lines

        return split_lines(decode(path.read_bytes()).removeprefix("\ufeff")) == split_lines(self._text)

    def _settings(self, path: Path) -> Settings:
        from leaklint.config_load import Configurations, Overrides

        if LeakChecker._configurations is None:
            given: dict[str, Any] = {"raises": self._wish.raises, "min_confidence": self._wish.min_confidence}
            overrides = Overrides(**{key: value for key, value in given.items() if value})
            file = Path(self._wish.config) if self._wish.config else None
            LeakChecker._configurations = Configurations(file=file, overrides=overrides)
        return LeakChecker._configurations.of_folder(str(path.parent))

    def _pattern(self, settings: Settings) -> re.Pattern[bytes]:
        """The names of which a file must mention one to be worth more than this search."""
        if id(settings) not in self._patterns:
            from leaklint.glance import catalog_of, scan, telling_names

            self._patterns[id(settings)] = settings, scan(telling_names(catalog_of(settings), settings))
        return self._patterns[id(settings)][1]

    def _found(self, path: Path, settings: Settings) -> list[Finding]:
        from leaklint.cache.indexes import Indexes
        from leaklint.check import check
        from leaklint.discover import File

        file = File(path, self._filename, settings, encoded(self._text))
        LeakChecker._indexes = LeakChecker._indexes or Indexes(keeps=True)  # files import the same ones again and again
        found = check([file], indexes=LeakChecker._indexes).findings
        return [one for one in found if one.filename == self._filename]

    def _asked_for(self, found: Iterable[Finding], path: Path, settings: Settings) -> list[Finding]:
        from leaklint.selection import confident

        return [
            finding
            for finding in found
            if confident(finding, settings.min_confidence) and self._wanted(finding.code, settings, path)
        ]

    def _unknown(self, found: list[Finding]) -> Iterable[Finding]:
        """What the baseline does not hold that is named where flake8 runs."""
        from leaklint.baseline import compare, read
        from leaklint.reading import split_lines

        assert self._configurations is not None
        baseline = self._configurations.of_folder(str(Path.cwd())).baseline
        if not baseline:
            return found
        lines = split_lines(self._text)
        return compare(found, lambda *_: lines, read(Path(baseline)), Path(baseline).parent, lambda _: False).new

    def _wanted(self, code: str, settings: Settings, path: Path) -> bool:
        from leaklint.selection import find_rule, wanted, weight

        if wanted(code, settings, path):
            return True
        rule = find_rule(code)
        off = rule is not None and not rule.default and weight(code, settings.ignore) < 0
        return off and code.startswith(self._wish.selected or ("nothing",))


def trouble(words: str) -> Row:
    return 1, 0, f"{TROUBLE} {words}", LeakChecker


def message(finding: Finding) -> str:
    """The sentence of the command line, and the line by which the path leaves: flake8 can show no more of it."""
    leak = finding.exits[0] if finding.exits else None
    if leak is None or leak.line == finding.line:
        return f"{finding.code} {finding.message}"
    return f"{finding.code} {finding.message} ({'lost' if leak.kind == 'lost' else 'leaves'} at line {leak.line})"


def deep(tree: ast.AST) -> bool:
    """Whether the syntax is nested more deeply than can be parsed again without risk."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def encoded(text: str) -> bytes:
    """The text in the encoding that its first lines declare: flake8 has decoded it, and columns count characters."""
    data = text.encode("utf-8", "replace")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return text.encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return data
