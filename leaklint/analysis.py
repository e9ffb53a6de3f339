"""Texts → rows: what of an earlier run still holds is kept, all other files are indexed, interpreted and explained."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from leaklint import selection, suppression
from leaklint.cache.gist import Gist, gist_of
from leaklint.cache.indexes import Wanted
from leaklint.cache.memory import Memory
from leaklint.cache.past import Past, Row, as_bytes, words_of
from leaklint.cache.sight import can_be_named
from leaklint.check import Progress
from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.glance import FEW, MOST_UNASKED, catalog_of, scan
from leaklint.growth import Grown, grow
from leaklint.inspection import check_file
from leaklint.intake import Texts, problem, unreadable
from leaklint.ownership.grounds import Grounds, NoGrounds, Word
from leaklint.ownership.project import Project
from leaklint.parallel import Team, together
from leaklint.parts import put_together

WORTH_SHARING = 1_000_000
"""Bytes of new text from which on several processes look at it."""

MOST_RESTARTS = 8
"""When what files say to one another has not settled by then, nothing of the earlier run is kept."""


class Analysis:
    """One project: files with the same settings for the engine."""

    def __init__(
        self,
        files: Sequence[File],
        texts: Texts,
        memory: Memory,
        *,
        jobs: int,
        fixes: bool,
        asked: Collection[Path],
    ) -> None:
        self.asked = asked
        self.files = {file.path: file for file in files}
        self.texts = texts
        self.past = memory.past
        self.indexes = memory.indexes
        self.digests = memory.digests
        self.remembers = memory.remembers
        self.truth = memory.truth()
        self.jobs = jobs
        self.fixes = fixes
        self.project: Project

    def begun(self, said: frozenset[Word]) -> Project:
        """The project as it is before any file is looked at, but for what files are taken to say."""
        settings = next(iter(self.files.values())).settings
        project = Project(
            catalog_of(settings),
            raises_all=settings.raises == "all",
            functions=dict(settings.functions),
            grounds=Grounds(self.past.facts) if self.remembers else NoGrounds(),
        )
        project.modules.indexed = self.indexes
        project.modules.texts = self.texts.sources
        project.modules.give(self.texts.sources)
        project.hear(said)
        return project

    def run(self, progress: Progress | None) -> Past:
        """Everything that is known afterwards."""
        return together(lambda team: self.by(team, progress), self.jobs if self.is_worth_sharing() else 1)

    def is_worth_sharing(self) -> bool:
        texts = self.texts.sources
        was = {row.path: row.digest for row in self.past.rows}
        new = sum(texts.size(path) for path in texts if was.get(str(path)) != self.digests[str(path)])
        return new >= WORTH_SHARING and can_be_named(self.files.values())

    def by(self, team: Team, progress: Progress | None) -> Past:
        """What one of a team finds; in the end the first knows what all have found."""
        kept, grown = self.settled(team)
        asked = self.is_asked(grown)
        own = [*self.inspected(grown, progress), *self.uninspected(grown, kept, team, asked=asked)]
        rows, notes = put_together(own, self.project, self.indexes, self.past, team, remembers=self.remembers)
        facts = tuple(self.project.grounds.numbers) if self.remembers and team.leads else ()
        silent = f"{len(grown.left)} files without any name that acquires were not parsed"
        return Past(
            rows=(*kept.values(), *rows),
            facts=facts,
            values=self.truth.values(facts, self.project),
            reached=grown.reached,
            asked=asked,
            left=self.size_of(grown.left),
            names=tuple(sorted(self.project.acquiring)) if self.remembers else (),
            made=time.time_ns(),
            notes=(*notes, *(() if asked else (silent,))),
        )

    def gist(self, past: Past) -> Gist | None:
        """What the next run has to know of this one, to tell whether anybody takes notice of a change."""
        if past.reached or not self.remembers:
            return None
        least, most = (FEW + 1, MOST_UNASKED) if past.asked else (MOST_UNASKED + 1, sys.maxsize)
        return gist_of(past, map(str, self.files), self.project.catalog.generic_methods(), least, most)

    # What of the past holds.

    def settled(self, team: Team) -> tuple[dict[str, Row], Grown]:
        """The rows that still hold, and all other files, looked at in the light of what the rows say."""
        said = words_of(self.past.rows)
        self.project = self.begun(said)
        kept = {row.path: row for row in self.past.kept(self.digests, self.truth.changed(self.project))}
        for restarts in range(MOST_RESTARTS):
            if restarts:
                self.project = self.begun(said)
            grown = self.grown(kept, team)
            known = set(map(str, grown.modules))
            kept = {path: row for path, row in kept.items() if path not in known}
            if kept and (grown.reached, self.is_asked(grown)) != (self.past.reached, self.past.asked):
                break
            now = words_of(kept.values()) | grown.said()
            moved = self.concerned(kept, said ^ now)
            if not moved and not self.telling(said - now):
                return kept, grown
            kept = {path: row for path, row in kept.items() if path not in moved}
            said = now
        self.project = self.begun(frozenset())
        return {}, self.grown({}, team)

    def grown(self, kept: Mapping[str, Row], team: Team) -> Grown:
        texts = self.texts.sources
        idle = [path for path in texts if str(path) in kept and not kept[str(path)].matters]
        new = dict.fromkeys(path for path in texts if str(path) not in kept)

        def ahead(paths: Iterable[Path]) -> None:
            name_of = self.project.modules.name_of
            wanted = [Wanted(self.texts.sources[path], name_of(path), path.stem == "__init__") for path in paths]
            self.indexes.ahead(wanted, team)

        return grow(self.project, new, idle, ahead, team)

    def telling(self, words: Iterable[Word]) -> set[str]:
        """The names that somebody may hear of: a method's name matters only where it may be one that acquires."""
        heard = self.project.acquiring | self.project.catalog.methods.keys()
        return {word.name for word in words if word.kind != "method" or word.name in heard}

    def concerned(self, kept: Mapping[str, Row], news: Iterable[Word]) -> set[str]:
        """The files to which these words are news: they mention the names, or rest on a file that does."""
        names = self.telling(news)
        if not names or not kept:
            return set()
        pattern = scan(names)
        facts = 0
        for fact, number in self.project.grounds.numbers.items():
            if fact.kind == "file" and pattern.search(self.text(fact.name)):
                facts |= 1 << number
        return {
            path for path, row in kept.items() if row.rests_on(facts) or pattern.search(self.texts.sources[Path(path)])
        }

    def text(self, path: str) -> bytes:
        try:
            return self.texts.sources.get(Path(path)) or Path(path).read_bytes()
        except OSError:
            return b""

    # What is new.

    def inspected(self, grown: Grown, progress: Progress | None) -> Iterator[Row]:
        """A row for each file that matters and is asked for: the others have said what they do for these."""
        modules = [(path, module) for path, module in grown.own.items() if path in self.asked]
        for done, (path, module) in enumerate(modules, start=1):
            with self.project.grounds.collecting() as grounds:
                notebook = self.texts.notebooks.get(path)
                counted = check_file(self.project, module, self.files[path], notebook, fixes=self.fixes)
            counted.notes += grown.notes.get(path, ())
            facts = grown.facts.get(path, 0) | grounds.facts if self.remembers else 0
            yield self.row(path, matters=True, facts=facts, words=grown.words(path), counted=counted)
            if progress is not None:
                progress(done, len(modules))

    def uninspected(self, grown: Grown, kept: Mapping[str, Row], team: Team, *, asked: bool) -> Iterator[Row]:
        """A row for each file without an index; few are asked whom they call, by the first of the team."""
        left = [path for path in grown.left if str(path) not in kept]
        if team.leads:
            yield from map(self.unread, sorted(grown.unread))
        for path in team.share(left) if not grown.reached else left if team.leads else ():
            yield self.left(path, grown, asked=asked)

    def unread(self, path: Path) -> Row:
        """A row for a file that mentions what acquires and has no index."""
        display = self.files[path].display
        too_new = unreadable(display, 1, 1, "was not checked: this Python cannot parse it")
        return self.row(
            path, matters=True, counted=Counted(problem(self.files[path], self.texts.sources[path]) or [too_new])
        )

    def left(self, path: Path, grown: Grown, *, asked: bool) -> Row:
        """A row for a file that was left out."""
        found = problem(self.files[path], self.texts.sources[path]) if asked else []
        counted = Counted(found) if found else None
        return self.row(path, facts=grown.facts.get(path, 0), words=grown.words(path), counted=counted)

    def row(
        self,
        path: Path,
        *,
        matters: bool = False,
        facts: int = 0,
        words: Iterable[Word] = (),
        counted: Counted | None = None,
    ) -> Row:
        heard = self.project.acquiring | self.project.catalog.methods.keys()
        told = tuple(sorted(word for word in words if word.kind != "method" or word.name in heard))
        addressed = suppression.addressed(self.texts.sources[path], selection.rule_names)
        return Row(str(path), self.digests[str(path)], matters, as_bytes(facts), told, counted, addressed)

    def is_asked(self, grown: Grown) -> bool:
        """Whether the files left out are few enough to be asked for syntax errors."""
        return self.size_of(grown.left) <= MOST_UNASKED

    def size_of(self, paths: Iterable[Path]) -> int:
        return sum(map(self.texts.sources.size, paths))
