"""The words in which a driver says what acquires a resource, what releases it and what `with` on it does.

A driver is pure data. The same words are accepted in `[tool.leaklint.drivers.NAME]`, with dashes for underscores.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Awaiting: TypeAlias = Literal["no", "await", "await or with"]
With: TypeAlias = Literal["releases", "transaction only", "unsupported"]
Dropped: TypeAlias = Literal["slot lost", "never closed", "until garbage collection", "at once"]
Evidence: TypeAlias = Literal["ran", "source", "documentation", "convention"]
DoubleRelease: TypeAlias = Literal["harmless", "raises"]


class Template(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """How to write the block that always releases.

    `item` is the `with` item without its `as NAME`, made of `{acquire}` (the acquiring expression without its `await`)
    and `{pool}` (the receiver); an empty `item` stands for `try: … finally: {release}`. `imports` are the lines that
    `item` needs, and `commits` says that the block commits on success where the plain release would not.
    """

    item: str = ""
    imports: tuple[str, ...] = ()
    asynchronous: bool = False
    release: str = ""
    commits: bool = False


class Acquisition(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """One way to come to owe a release.

    What matches: `calls` are qualified callables (functions, constructors, class methods). `methods` are method names
    on the qualified types in `receivers`; "()" among them means calling an instance. `distinctive` method names match
    on an unknown receiver too; others do so where the receiver's own name ends in one of `telling`
    (`engine.connect()`). For `calls`, `only_with` names keyword arguments one of which must be given, and `never_with`
    those (or `None` given as first argument: "none") with which nothing is opened.

    What is owed: `noun` is what people call it, `type` its qualified class. `releases` are its own methods that release
    it, `closes` those that end it but leave its pool slot taken, `pool_releases` the methods that take it as an
    argument and release it. Those that are coroutines, and so nothing unless awaited, stand in `awaited` as well.
    `same` are methods that return the very same resource, "()" among them calling it. `functions` are qualified
    callables that release their first argument. `tells` are attributes (`closed`, `is_valid`) that tell of one that is
    `pooled` whether it was given back; where there is no pool, all of that kind tell whether it was closed.

    What `with` does: `entered` on the result of the call, `entered_awaited` on the awaited result, or on what calling
    the resource yields where "()" is among `same`.

    `evidence` tells how all this is known, `source` of which versions. "ran" means that a test runs the library for
    each single claim; those that no test runs stand in `read`, with the place where they were read. `versions` holds
    claims that some versions of the library do not share, with those that do.
    """

    calls: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    distinctive: bool = False
    telling: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    never_with: tuple[str, ...] = ()

    noun: str = "connection"
    type: str = ""
    awaiting: Awaiting = "no"
    releases: tuple[str, ...] = ("close",)
    closes: tuple[str, ...] = ()
    pool_releases: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    double_release: DoubleRelease = "harmless"

    entered: With = "releases"
    entered_awaited: With = "unsupported"

    pooled: bool = False
    lazy: bool = False
    dropped: Dropped = "at once"
    template: Template = Template()
    evidence: Evidence = "documentation"
    source: str = ""
    read: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


class Driver(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What we know of one library.

    `libraries` are the import names by which a file shows that it uses the library. `makes` maps qualified callables to
    the qualified type of what they return (pools, engines, session factories); a key that ends in `(QUALIFIED NAME)`
    stands for the callable given that very name as one of its arguments. `attributes` does the same for attributes of
    types. `aliases` maps other qualified names of a thing to the one used here. `borrows` are qualified
    callables that use a resource given to them and owe nothing.
    """

    name: str = ""
    title: str = ""
    libraries: tuple[str, ...] = ()
    acquisitions: tuple[Acquisition, ...] = ()
    makes: dict[str, str] = {}
    attributes: dict[str, str] = {}
    aliases: dict[str, str] = {}
    borrows: tuple[str, ...] = ()
