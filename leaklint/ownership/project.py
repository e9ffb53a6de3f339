"""The project as one body of knowledge: its files, and whoever tells of its functions, classes and their summaries."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from leaklint.config import FunctionFacts
from leaklint.flow.given import given
from leaklint.flow.leaks import Leak, sites
from leaklint.flow.program import Constant, Procedure
from leaklint.flow.relevance import tested
from leaklint.flow.resolver import Acquired, Given, Held
from leaklint.ownership.behaviour import Behaviour
from leaklint.ownership.caller import FunctionResolver
from leaklint.ownership.candidates import Candidates
from leaklint.ownership.catalog import Catalog
from leaklint.ownership.contracts import Contract, stated
from leaklint.ownership.fixpoint import Fixpoint
from leaklint.ownership.gives import Gives
from leaklint.ownership.grounds import Grounds, Outside, Word
from leaklint.ownership.index import Function, Module
from leaklint.ownership.leaking import Leaks
from leaklint.ownership.modules import Modules
from leaklint.ownership.objects import Objects, Owning
from leaklint.ownership.resolve import Names, Target
from leaklint.ownership.sketches import Sketches
from leaklint.ownership.units import Units
from leaklint.source import Unit

BORROWED = Given.always("owed")

Key = tuple[str, str]


class Project:
    """Everything known of the files of one run; asked by the resolvers of single functions."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        raises_all: bool = False,
        functions: dict[str, FunctionFacts] | None = None,
        grounds: Grounds | None = None,
    ) -> None:
        self.functions = functions or {}
        self.catalog = catalog
        self.grounds = grounds or Grounds()
        self.modules = Modules(catalog.libraries, self.grounds)
        self.names = Names(self.modules, catalog)
        self.raises_all = raises_all
        self.known = frozenset({*catalog.names(), *(name.rpartition(".")[2] for name in self.functions)})
        self.acquiring = set(self.known)
        self.methods: dict[str, set[Path]] = {}
        self.idle: Container[Path] = ()
        self.depends: set[str] = set()
        self.opening: set[str] = set()
        self.notes: list[str] = []
        self.fixpoint = Fixpoint(self.grounds)
        self.candidates = Candidates(self)
        self.behaviour = Behaviour(self)
        self.leaking = Leaks(self)
        self.calls = Gives(self)
        self.objects = Objects(self)
        self.units = Units(self)
        self.sketches = Sketches(self)
        self._given: dict[tuple[object, ...], Given] = {}
        self._leaks: dict[Key, tuple[int, list[Leak], int]] = {}

    def add(self, path: Path) -> Module | None:
        """Index a file that belongs to the run."""
        module = self.modules.index(path)
        if module is None:
            return None
        self.depends |= module.depends
        for function in module.functions.values():
            if function.class_name:
                self.methods.setdefault(function.name, set()).add(path)
        return module

    def hear(self, words: Iterable[Word]) -> None:
        """Take note of what files say, without looking at them again."""
        for word in words:
            match word.kind:
                case "gives":
                    self.acquiring.add(word.name)
                case "opens":
                    self.opening.add(word.name)
                case "depends":
                    self.depends.add(word.name)
                case "method":
                    self.methods.setdefault(word.name, set()).add(Path(word.where))

    def methods_named(self, name: str) -> Iterator[tuple[Module, Function]]:
        """The methods of that name in the project, file by file."""
        for path in sorted(self.methods.get(name, ())):
            module = self.modules.index(path)
            for function in module.functions.values() if module is not None else ():
                if function.class_name and function.name == name and module is not None:
                    yield module, function

    def key(self, module: Module, function: Function) -> Key:
        """The function among all of the project."""
        return str(self.modules.path_of(module)), function.key

    def lines(self, module: Module) -> list[str]:
        return self.units.lines(module)

    def unit(self, module: Module, function: Function) -> Unit | None:
        """The function as a program, or None where libcst cannot parse it."""
        return self.units.unit(module, function)

    def module_unit(self, module: Module) -> Unit | None:
        """A module's top level as a program."""
        return self.units.module_unit(module)

    def resolver(self, module: Module, procedure: Procedure, function: Function | None) -> FunctionResolver:
        return FunctionResolver(self, module, procedure, function)

    def may_acquire(self, module: Module, function: Function) -> bool:
        """Whether anything called in the function may acquire, going by names and by what is known of them."""
        return self.candidates.may_acquire(module, function)

    def leaks(self, module: Module, function: Function) -> list[Leak]:
        """Every acquisition of the function and of those nested in it, interpreted."""
        unit = self.unit(module, function) if self.sketches.acquires(module, function) else None
        if unit is None:
            return []
        key = self.key(module, function)
        version, found, facts = self._leaks.get(key, (-1, [], 0))
        self.grounds.take(facts)
        if version != len(self.acquiring):
            with self.grounds.collecting() as grounds:
                found = self._interpreted(module, unit.procedure, function, None)
            if not self.fixpoint.assuming:
                self._leaks[key] = (len(self.acquiring), found, grounds.facts)
        return found

    def module_leaks(self, module: Module) -> list[Leak]:
        """The acquisitions of a module's top level."""
        unit = self.module_unit(module)
        if unit is None:
            return []
        return self._interpreted(module, unit.procedure, None, None)

    def _interpreted(
        self, module: Module, procedure: Procedure, function: Function | None, outer: FunctionResolver | None
    ) -> list[Leak]:
        resolver = FunctionResolver(self, module, procedure, function, outer)
        found = [self.leaking.leak(resolver, site, acquired) for site, acquired in sites(procedure, resolver)]
        for inner in procedure.nested:
            found += self._interpreted(module, inner, None, resolver)
            if inner.outer:
                view = FunctionResolver(self, module, inner, None, resolver)
                found += [self.leaking.leak(resolver, site, acquired) for site, acquired in sites(inner, view)]
        return found

    def gives(self, module: Module, function: Function, constants: Mapping[str, Constant]) -> Acquired | None:
        """What a call of the function makes its caller owe, where these parameters are these constants."""
        return self.calls.gives(module, function, constants)

    def given(
        self,
        module: Module,
        function: Function,
        place: str,
        acquired: Acquired,
        constants: dict[str, Constant],
        *,
        boxed: bool = False,
    ) -> Given | None:
        """What becomes of a handle that the function is given in `place`."""
        contract = self.contract(module, function)
        said = contract.given(place) if contract is not None else None
        if said is not None:
            return said
        unit = self.unit(module, function)
        if unit is None:
            return None
        names = tested(unit.procedure)
        relevant = tuple(sorted((name, value) for name, value in constants.items() if name in names))
        key = (*self.key(module, function), place, acquired.resource, relevant, boxed)
        resolver = FunctionResolver(self, module, unit.procedure, function)
        return self.fixpoint.settle(
            key,
            self._given,
            BORROWED,
            lambda: given(unit.procedure, place, acquired, resolver, relevant, boxed=boxed, raises_all=self.raises_all),
        )

    def owning(self, target: Target) -> Owning | None:
        """Whether objects of a project class owe a release from their construction or a method on."""
        return self.objects.owning(target)

    def holder(self, target: Target, parameter: str, acquired: Acquired) -> Held | None:
        """The field in which objects keep what their constructor is given, and the methods that release it."""
        return self.objects.holder(target, parameter, acquired)

    def contract(self, module: Module, function: Function) -> Contract | None:
        """What the function says of itself, in a comment or in the configuration."""
        facts = self.functions.get(f"{module.name}.{function.qualname}") if self.functions else None
        return stated(function, facts)

    def is_busy(self, module: Module, function: Function) -> bool:
        """Whether the function's summary rests on one that is being worked out right now: it calls itself, somehow."""
        return self.fixpoint.assuming or self.calls.is_busy(module, function)

    def touches(self, module: Module, function: Function, field: str) -> bool:
        """Whether the function's text mentions the field, or calls a method that may."""
        text = self.lines(module)[function.line - 1 : function.end_line]
        return any(field in line for line in text) or any(path.startswith("self.") for path in function.calls)

    def released_outside(self, class_name: str, field: str, acquired: Acquired) -> bool:
        """Whether some function that makes objects of the class releases that field of one."""
        question = Outside(class_name, field, acquired.resource.releases)
        self.grounds.ask("outside", question.spelled)
        return self.releasing(question, self.modules.texts) is not None

    def releasing(self, question: Outside, among: Iterable[Path]) -> Path | None:
        """The first of these files in which somebody does."""
        ends = tuple(f".{question.field}.{name}" for name in question.releases)
        found = (
            self.modules.path_of(module)
            for module in self._mentioning(question, among if ends else ())
            for function in module.functions.values()
            if any(path.rpartition(".")[2] == question.class_name for path in function.calls)
            and any(path.endswith(ends) and not path.startswith(("self.", "cls.")) for path in function.calls)
        )
        return next(found, None)

    def _mentioning(self, question: Outside, paths: Iterable[Path]) -> Iterator[Module]:
        """The modules in which both the class and the field are mentioned; nobody else's text is rested on."""
        for path in paths:
            text = self.modules.texts[path]
            module = self.modules.index(path, text) if all(word in text for word in question.words) else None
            if module is not None:
                yield module
