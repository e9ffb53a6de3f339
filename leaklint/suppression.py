"""`# noqa` comments, read the way flake8 reads them: what they silence, which of ours silence nothing, and new ones."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import TypeAlias

import msgspec

from leaklint.finding import Finding
from leaklint.reading import decode, encoding_of, split_lines

CODES = r"(?P<codes>[A-Z]+[0-9]+(?:[,\s]+)?(?:[A-Z]+[0-9]+(?:[,\s]+)?)*)"
INLINE = re.compile(rf"# noqa(?::\s?{CODES})?", re.IGNORECASE)
WHOLE_FILE = re.compile(rf"\s*# flake8[:=]\s*noqa(?::\s?{CODES})?", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z]+[0-9]+")
ANY = re.compile(rb"noqa", re.IGNORECASE)
SPEAKING = re.compile(rb"noqa(?!:[ \t]?[A-Z]+[0-9])|noqa[^\r\n]*LKN[0-9]", re.IGNORECASE)
"""A comment that may silence a code of ours: it names no code at all, or one of them."""

NEAR = re.compile(r"#\s*noqa\b(?P<rest>[^#\n]*)", re.IGNORECASE)
LINE_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")

Find: TypeAlias = Callable[[str], re.Match[str] | None]

NEVER_SILENCED = ("LKN901", "LKN902")


class Comment(msgspec.Struct, frozen=True):
    """A `# noqa`: the codes it names, each with its column, none for a blanket; `quoted` if it stands in a string."""

    line: int
    codes: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    quoted: bool = False

    def covers(self, code: str) -> bool:
        return not self.codes or code.startswith(self.codes)


class Suppressions(msgspec.Struct, frozen=True):
    """The comments of one file: by each line they speak for, and for the whole file."""

    by_line: dict[int, Comment] = {}
    whole_file: Comment | None = None

    def comment(self, line: int, code: str) -> Comment | None:
        """The comment that silences a code on a line."""
        if self.whole_file and self.whole_file.covers(code):
            return self.whole_file
        comment = self.by_line.get(line)
        return comment if comment and comment.covers(code) else None

    @property
    def comments(self) -> list[Comment]:
        """Each comment once."""
        whole = [self.whole_file] if self.whole_file else []
        return [*whole, *dict.fromkeys(self.by_line.values())]


def addressed(source: bytes, names: Callable[[], Iterable[str]]) -> bool:
    """Whether some comment may mean a rule of ours, by code or by name; told without reading any comment."""
    lower = source.lower()
    return b"noqa" in lower and ours(tuple(names())).search(lower) is not None


@cache
def ours(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rf"noqa[^\r\n]*(?:lkn[0-9]|{'|'.join(map(re.escape, names)) or 'lkn[0-9]'})".encode())


def read(source: bytes) -> Suppressions:
    """The suppressions of a file; costs one search where there are none."""
    if not ANY.search(source):
        return Suppressions()
    text = decode(source)
    lines, tokens = split_lines(text), tokens_of(text)
    starts = {token.start[0]: token.start[1] for token in tokens if token.type == tokenize.COMMENT}
    by_line: dict[int, Comment] = {}
    for first, last in spans(tokens, len(lines)):
        if comment := comment_in(lines, range(first, last + 1), INLINE.search, starts):
            by_line |= dict.fromkeys(range(first, last + 1), comment)
    return Suppressions(by_line, comment_in(lines, range(1, len(lines) + 1), WHOLE_FILE.match, starts))


def read_ours(source: bytes) -> Suppressions:
    """The suppressions of a file, unless none can be for a code of ours: most are for those of other linters."""
    return read(source) if SPEAKING.search(source) else Suppressions()


def tokens_of(text: str) -> list[tokenize.TokenInfo]:
    """Nothing for a text that Python cannot tokenize."""
    try:
        return list(tokenize.generate_tokens(io.StringIO(text, newline=None).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return []


def spans(tokens: Iterable[tokenize.TokenInfo], count: int) -> Iterator[tuple[int, int]]:
    """Stretches of lines that share one comment: one line each, but for strings and statements over several lines.

    Brackets do not join lines, a backslash does. Without tokens, each of the `count` lines stands alone.
    """
    if not tokens:
        yield from ((number, number) for number in range(1, count + 1))
    first, last = count + 1, 0
    for token in tokens:
        if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
            continue
        first, last = min(first, token.start[0]), max(last, min(token.end[0], count))
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            yield first, last
            first, last = count + 1, 0


def comment_in(lines: list[str], numbers: Iterable[int], find: Find, starts: dict[int, int]) -> Comment | None:
    """The first comment on a stretch of lines: of several, flake8 heeds one. It heeds those in strings, too."""
    for number in numbers:
        if match := find(lines[number - 1]):
            found = list(CODE.finditer(match["codes"])) if match["codes"] else []
            columns = tuple(match.start("codes") + code.start() + 1 for code in found)
            in_string = bool(starts) and match.end() <= starts.get(number, match.end())
            return Comment(number, tuple(code[0] for code in found), columns, in_string)
    return None


def silenced(finding: Finding, suppressions: Suppressions) -> Comment | None:
    if finding.code in NEVER_SILENCED:
        return None
    return suppressions.comment(finding.line, finding.code)


def unused(
    filename: str, suppressions: Suppressions, used: Iterable[tuple[Comment, str]], judged: Callable[[str], bool]
) -> Iterator[Finding]:
    """LKN901 for each code of ours that silences nothing; `judged` tells the codes whose absence means something."""
    silencing = list(used)
    for comment in suppressions.comments:
        if comment.quoted:
            continue
        for code, column in zip(comment.codes, comment.columns, strict=True):
            needed = any(comment == other and found.startswith(code) for other, found in silencing)
            if code.startswith("LKN") and not needed and judged(code):
                yield unused_finding(filename, comment.line, column, code)


def unused_finding(filename: str, line: int, column: int, code: str) -> Finding:
    return Finding(
        code="LKN901",
        name="unused-suppression",
        message=f"the comment is not needed: nothing here is reported as {code}",
        severity="warning",
        confidence="high",
        filename=filename,
        line=line,
        column=column,
        end_line=line,
        end_column=column + len(code),
        function="",
        driver="",
        resource="",
    )


def misspelt(source: bytes, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Comments that mean a rule of ours and do not do what they seem to: their line, and what is wrong."""
    if not ANY.search(source):
        return
    meant = re.compile(rf"LKN[0-9]|{'|'.join(map(re.escape, names)) or 'LKN[0-9]'}", re.IGNORECASE)
    for number, line in enumerate(split_lines(decode(source)), start=1):
        match = NEAR.search(line)
        if match is None or not meant.search(match["rest"]):
            continue
        if not match[0].lower().startswith("# noqa"):
            yield number, "silences nothing: write `# noqa`, with one space"
        elif re.match(r":\s?LKN[0-9]", match["rest"], re.IGNORECASE):
            if "LKN" not in match["rest"]:
                yield number, "silences nothing: codes are written in capitals"
        elif not re.match(r":\s?[A-Z]+[0-9]", match["rest"], re.IGNORECASE):
            yield number, "silences everything on its line: write `# noqa: CODE`, with a code and not a name"


def added(source: bytes, findings: Iterable[Finding], reason: str = "") -> bytes:
    """The source with a comment for each finding, where flake8 looks for it; its newlines and encoding stay."""
    text = decode(source)
    lines = LINE_END.split(text)
    joined = {line: last for first, last in spans(tokens_of(text), len(lines)) for line in range(first, last + 1)}
    by_line = sorted((joined.get(finding.line, finding.line), finding.code) for finding in findings)
    for number, group in groupby(by_line, key=lambda pair: pair[0]):
        codes = list(dict.fromkeys(code for _, code in group))
        lines[number - 1] = with_comment(lines[number - 1], codes, " ".join(reason.split()))
    return "".join(lines).encode(encoding_of(source))


def with_comment(line: str, codes: list[str], reason: str) -> str:
    """A line with its codes added to the comment it has, or with a new comment."""
    match = INLINE.search(line)
    if match and match["codes"]:
        end = match.start("codes") + len(match["codes"].rstrip(", \t\r\n"))
        return f"{line[:end]}, {', '.join(codes)}{line[end:]}"
    comment = f"# noqa: {', '.join(codes)}" + (f" - {reason}" if reason else "")
    newline = line[len(line.rstrip("\r\n")) :]
    return f"{line.rstrip()}  {comment}{newline}"
