"""What a driver claims of its library, claim by claim, and what each claim rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leaklint.drivers.spec import Acquisition, Driver


class Claim(NamedTuple):
    """One thing that an acquisition says of its library: `kind` of claim, and of which name."""

    driver: Driver
    acquisition: Acquisition
    kind: str
    subject: str

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def evidence(self) -> str:
        return "source" if str(self) in dict(self.acquisition.read) else self.acquisition.evidence

    @property
    def source(self) -> str:
        return dict(self.acquisition.read).get(str(self), self.acquisition.source)

    @property
    def versions(self) -> str:
        """The versions of the library that it holds for, empty for all."""
        return dict(self.acquisition.versions).get(str(self), "")


def all_claims(drivers: Iterable[Driver]) -> Iterator[Claim]:
    for driver in drivers:
        for acquisition in driver.acquisitions:
            for kind, subject in statements(acquisition):
                yield Claim(driver, acquisition, kind, subject)


def statements(of: Acquisition) -> Iterator[tuple[str, str]]:
    """Each fact of an acquisition as kind and subject; how its names are recognised in code is no claim."""
    for name in ways(of):
        yield "acquired by", name
    for keyword in of.never_with:
        yield "not acquired with", keyword
    if of.type:
        yield "is a", of.type
    yield from (("released by", f"{name}()") for name in of.releases)
    yield from (("released by", f"pool.{name}(it)") for name in of.pool_releases)
    yield from (("released by", f"{name}(it)") for name in of.functions)
    yield from (("slot kept by", f"{name}()") for name in of.closes)
    yield from (("nothing unless awaited:", f"{name}()") for name in of.awaited)
    yield from (("the same resource:", "calling it" if name == "()" else f"{name}()") for name in of.same)
    yield from (("told by", name) for name in of.tells)
    yield "a second release", "raises" if of.double_release == "raises" else "is harmless"
    yield "`with` on the call", of.entered
    if of.awaiting != "no":
        yield "`with` on the awaited call", of.entered_awaited
    if "()" in of.same:
        yield "`with` on what calling it yields", of.entered_awaited
    yield "when dropped", of.dropped
    yield "the safe form", "commits as well" if of.template.commits else "commits nothing by itself"


def ways(of: Acquisition) -> list[str]:
    """The qualified names that acquire, with the keywords that it takes; bare names where no type is known."""
    methods = [f"{receiver}.{method}" for receiver in of.receivers or ("*",) for method in of.methods]
    special = [f"{call}({keyword}=…)" for call in of.calls for keyword in of.only_with]
    return [*methods, *(special or of.calls)]
