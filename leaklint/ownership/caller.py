"""One function's view of the project: what each call in it means, and what becomes of a handle it passes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaklint.flow.exceptions import ancestors
from leaklint.flow.program import Attribute, Call, Closure, Constant, Place, Procedure
from leaklint.flow.resolver import NOBODY, Acquired, Callee, Given, Held, Role
from leaklint.ownership.contracts import owned
from leaklint.ownership.evidence import used_as_connection
from leaklint.ownership.handing import Handing, given, holder, is_given_instead, told
from leaklint.ownership.index import Function, Module
from leaklint.ownership.local import decorator_name, yields_once
from leaklint.ownership.matching import match_library, match_unknown
from leaklint.ownership.resolve import Target
from leaklint.ownership.view import View

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit"})

COMMON = frozenset({"connect", "acquire", "get", "connection", "open", "start", "begin", "session", "client", "create"})
"""Method names so common that one class's meaning says nothing of an unknown receiver."""


class FunctionResolver(View):
    """Answers the interpreter's questions for one procedure."""

    def __init__(
        self,
        project: Project,
        module: Module,
        procedure: Procedure,
        function: Function | None,
        outer: View | None = None,
    ) -> None:
        super().__init__(project, module, procedure, function, outer)
        self._callees: dict[Call, Callee] = {}
        self._closures: dict[str, list[Procedure]] = {}
        for inner in procedure.nested:
            self._closures.setdefault(inner.name, []).append(inner)
        for name, values in self.sources.items():
            lambdas = [value.procedure for value in values if isinstance(value, Closure)]
            if lambdas and len(lambdas) == len(values):
                self._closures[name] = lambdas

    # What calls do.

    def may_acquire(self, call: Call) -> bool:
        name, path = call.method, call.func.path if isinstance(call.func, Place) else ""
        if not name or name in self.project.acquiring or name in self.project.candidates.other_names(self.module):
            return True
        if path in self._closures or self.is_given(path):
            return True
        inner = call.func.base if isinstance(call.func, Attribute) else None
        base = inner.method if isinstance(inner, Call) else path.rpartition(".")[0]
        return self.project.catalog.tells(name, base)

    def callee(self, call: Call) -> Callee:
        found = self._callees.get(call)
        if found is None:
            self._callees[call] = NOBODY
            found = self._callee(call)
            self._callees[call] = found
        return found

    def _callee(self, call: Call) -> Callee:
        acquired = self.acquired(call)
        target = self.of(call.func)
        if isinstance(call.func, Place) and call.func.path in self._closures:
            return Callee(acquired=acquired)
        path = call.func.path if isinstance(call.func, Place) else call.method
        name = target.name
        match target.kind:
            case "library" | "member" if name in self.project.functions:
                facts = self.project.functions[name]
                return Callee(name, acquired=acquired, releases=bool(facts.released), keeps=bool(facts.kept))
            case "library" | "member":
                return Callee(
                    name,
                    acquired=acquired,
                    is_class=_looks_like_class(name),
                    ends=name in NEVER_RETURN,
                    module=target.kind == "library",
                    borrows=name in self.project.catalog.borrows,
                )
            case "instance" if target.owner is None:
                return Callee(path, acquired=acquired)
            case "function" if target.owner is not None:
                return self._function(target.owner, name, acquired)
            case "class" if target.owner is not None:
                if self._inherited(call, target) is not None:
                    return Callee(name, acquired=acquired, is_class=True)
                calm = self.project.behaviour.plain_class(target)
                swallows = self.project.behaviour.swallowing_class(target)
                return Callee(name, acquired=acquired, visible=True, is_class=True, calm=calm, swallows=swallows)
            case _:
                return Callee(path, acquired=acquired, ends=path in NEVER_RETURN, is_class=_looks_like_class(path))

    def _function(self, module: Module, name: str, acquired: Acquired | None) -> Callee:
        function = module.functions[name]
        behaviour = self.project.behaviour
        if is_manager(function):
            swallows, calm = behaviour.swallows(module, function), behaviour.is_calm(module, function)
            return Callee(name, visible=True, swallows=swallows, calm=calm)
        return Callee(
            name,
            acquired=acquired,
            visible=True,
            ends=behaviour.never_returns(module, function),
            calm=not function.generator and behaviour.is_calm(module, function),
            busy=acquired is None and self.project.is_busy(module, function),
        )

    # What calls acquire.

    def acquired(self, call: Call) -> Acquired | None:
        """What a call makes its caller owe."""
        if isinstance(call.func, Place) and call.func.path in self._closures:
            return self._from_closure(call.func.path)
        target = self.of(call.func)
        match target.kind:
            case "library" | "member" if target.name in self.project.functions:
                stated = self.project.functions[target.name]
                return owned(self.project.catalog, target.name) if stated.returns == "owned" else None
            case "library" | "member":
                return match_library(self, call, target.name) or match_unknown(self, call, target)
            case "instance" if target.owner is None:
                return match_library(self, call, f"{target.name}.()")
            case "function" if target.owner is not None:
                return self._given_by(call, target.owner, target)
            case "class" if target.owner is not None:
                return self._inherited(call, target) or self._made(call, target)
            case _:
                return match_unknown(self, call, target) or self._agreed(call)

    def _from_closure(self, name: str) -> Acquired | None:
        """What a nested function gives; where several have that name, all of them."""
        found = [self.project.calls.of_closure(self, inner) for inner in self._closures[name]]
        return found[0] if all(found) else None

    def _given_by(self, call: Call, module: Module, target: Target) -> Acquired | None:
        """What a function of the project gives; a context manager is entered, not owed."""
        function = module.functions[target.name]
        if is_manager(function):
            return None
        given = self.project.gives(module, function, told(function, call, 1 if target.bound else 0))
        return self._opened(call, target) if given is None else given

    def _opened(self, call: Call, target: Target) -> Acquired | None:
        """`db.connect()` on an object made here, whose class keeps what it opens."""
        if not isinstance(call.func, Place) or not target.bound:
            return None
        receiver = call.func.path.rpartition(".")[0]
        if "." in receiver or receiver not in self.sources or receiver in self.procedure.names:
            return None
        object_ = self.target(receiver)
        if object_.kind != "instance" or object_.owner is None:
            return None
        owning = self.project.owning(object_)
        if owning is None or call.method not in owning.by:
            return None
        return owning.acquired(receiver=True)

    def _inherited(self, call: Call, target: Target) -> Acquired | None:
        """What a class of the project acquires as one of a library."""
        bases = self.project.names.library_bases(target)
        return next((found for base in bases if (found := match_library(self, call, base)) is not None), None)

    def _made(self, call: Call, target: Target) -> Acquired | None:
        """What whoever makes an object of the class owes: in doubt, where it is given what it keeps."""
        owning = self.project.owning(target)
        if owning is None or owning.by.isdisjoint({"__init__", "__post_init__", "__new__"}):
            return None
        lent = is_given_instead(self, call, target, owning.fields)
        return owning.acquired()._replace(confidence="low") if lent else owning.acquired()

    def _agreed(self, call: Call) -> Acquired | None:
        """A method on an unknown receiver: what all methods of that name in the project agree on."""
        if not isinstance(call.func, Place) or "." not in call.func.path:
            return None
        if call.method not in self.project.acquiring or call.method in COMMON:
            return None
        found = self.project.calls.agreed(call.method)
        if found is None or not used_as_connection(self.procedure, call, found.resource):
            return None
        return found._replace(confidence="medium")

    # What becomes of handles.

    def given(
        self,
        call: Call,
        argument: int | str,
        acquired: Acquired,
        constants: dict[int | str, Constant],
        *,
        boxed: bool = False,
    ) -> Given | None:
        return given(self, Handing(call, argument, acquired, constants, boxed))

    def holder(self, call: Call, argument: int | str, acquired: Acquired) -> Held | None:
        return holder(self, call, argument, acquired)

    def may_change(self, call: Call, field: str) -> bool:
        """Only a method that assigns the field somewhere in the class can; nobody else knows of the class's own."""
        del call
        own = Target("instance", self.procedure.class_name, self.module)
        name = field.partition(".")[0]
        writers: set[str] = set()
        for class_, _ in self.project.names.lineage(own):
            writers |= set(class_.writers.get(name, ()))
        return not writers or bool(writers - {self.procedure.name, "__init__"})

    def lineage(self, name: str) -> frozenset[str] | None:
        known = ancestors(name)
        if known is not None:
            return known
        target = self.target(name)
        if target.kind != "class":
            return None
        found: set[str] = set()
        for class_, module in self.project.names.lineage(target):
            found.add(class_.name)
            for base in class_.bases:
                above = ancestors(base)
                if above is not None:
                    found |= above
                elif self.project.names.path(module, base).kind != "class":
                    return None
        return frozenset(found)

    def same_pool(self, call: Call, release: Call) -> bool:
        """Two pools are another where both are made by constructor calls of different names."""
        if not isinstance(call.func, Place) or not isinstance(release.func, Place):
            return True
        one, other = call.func.path.rpartition(".")[0], release.func.path.rpartition(".")[0]
        if one == other or not one or not other:
            return True
        return not (self._is_made(one) and self._is_made(other))

    def _is_made(self, path: str) -> bool:
        """Whether the place is given the result of one library constructor, and nothing else."""
        if path in self.sources:
            found = self.sources[path]
            return len(found) == 1 and isinstance(found[0], Call) and self.target(path).kind == "instance"
        sources = self.module.values.get(path, ())
        return len(sources) == 1 and sources[0].kind == "call" and self.target(path).kind == "instance"

    def role(self, procedure: Procedure) -> Role:
        names = {decorator_name(decorator) for decorator in procedure.decorators}
        if not names.isdisjoint({"contextmanager", "asynccontextmanager"}):
            return "manager"
        if not names.isdisjoint({"fixture", "yield_fixture", "async_fixture"}):
            return "fixture"
        if procedure.name in self.project.depends:
            return "dependency"
        if procedure.class_name and procedure.name in {"__enter__", "__aenter__"}:
            return ""
        return "dependency" if procedure.generator and yields_once(procedure) else ""


def is_manager(function: Function) -> bool:
    """Whether a call of the function makes a context manager of its body."""
    decorators = {name.rpartition(".")[2] for name in function.decorators}
    return not decorators.isdisjoint({"contextmanager", "asynccontextmanager"})


def _looks_like_class(name: str) -> bool:
    last = name.rpartition(".")[2].lstrip("_")
    return last[:1].isupper() and not last.isupper()
