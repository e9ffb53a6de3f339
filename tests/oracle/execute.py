"""A program executed over every choice there is, up to a bound: where can it leak?"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from tests.oracle import fakes
from tests.oracle.instrument import JUDGE, compiled
from tests.oracle.judge import Judge
from tests.oracle.modules import namespace
from tests.oracle.world import MOST_TURNS, CutError, Position, UnforeseenError, World

MOST_RUNS = 2000
MOST_YIELDS = 8


@dataclass
class Verdict:
    """Where a program leaks in some run, and whether all runs within the bound were tried."""

    certain: dict[tuple[Position, ...], set[str]] = field(default_factory=dict)
    possible: set[Position] = field(default_factory=set)
    lent: set[Position] = field(default_factory=set)
    acquired: set[Position] = field(default_factory=set)
    inner: frozenset[int] = frozenset()
    runs: int = 0
    exhausted: bool = True
    sound: bool = True


def judge(tree: ast.Module, *, turns: int = MOST_TURNS, most: int = MOST_RUNS) -> Verdict:
    """Execute every function of the program over all choices."""
    code = compiled(tree)
    verdict = Verdict(inner=lines_inside(tree))
    raises = exceptions(tree)
    for entry in functions(tree):
        prefix: list[int] = []
        spent = 0
        while True:
            world = World(prefix, raises, turns)
            run(world, code, entry)
            spent += 1
            note(verdict, world)
            prefix = following(world)
            if not prefix:
                break
            if spent >= most:
                verdict.exhausted = False
                break
        verdict.runs += spent
    return verdict


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_inside(tree: ast.Module) -> frozenset[int]:
    """The lines of functions inside functions, which the function around them need not call."""
    found: set[int] = set()
    for outer in tree.body:
        for node in ast.walk(outer):
            if node is not outer and isinstance(node, ast.FunctionDef | ast.Lambda):
                found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(found)


def following(world: World) -> list[int]:
    """The next sequence of choices in depth-first order; none when all were tried."""
    taken = world.taken
    while taken and taken[-1] == world.arity[len(taken) - 1] - 1:
        taken.pop()
    if taken:
        taken[-1] += 1
    return taken


def note(verdict: Verdict, world: World) -> None:
    verdict.exhausted = verdict.exhausted and not world.too_long
    verdict.acquired.update(site for resource in world.resources for site in resource.sites)
    verdict.sound = verdict.sound and not world.misfit and not world.misused
    if world.ended or world.cut or world.misfit:
        return
    for sites, exit_, unproven, lent in world.leaks:
        verdict.possible.update(sites)
        if lent:
            verdict.lent.update(sites)
        if not unproven:
            verdict.certain.setdefault(sites, set()).add(exit_)


def run(world: World, code: CodeType, entry: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """One run of one function."""
    names: dict[str, Any] = {"__builtins__": namespace(world), JUDGE: Judge(world)}
    exec(code, names)  # our own generated program
    world.globals = [
        value for value in names.values() if type(value) in (list, dict) and value is not names["__builtins__"]
    ]
    world.started = True
    func = names[entry.name]
    roles = {name.id for name in entry.decorator_list if isinstance(name, ast.Name)}
    try:
        args = [argument(world, parameter.arg) for parameter in entry.args.args]
        if "contextmanager" in roles:
            drive_manager(world, func.__wrapped__(*args))
        elif inspect.iscoroutinefunction(func):
            drive_coroutine(func(*args))
        elif inspect.isgenerator(result := func(*args)):
            drive_generator(world, result)
    except CutError:
        pass
    except BaseException as error:
        world.see(error)


def argument(world: World, name: str) -> Any:
    """What a parameter of that name stands for."""
    stem = name.rstrip("0123456789")
    match stem:
        case "pool":
            return fakes.Pool(world)
        case "items":
            return fakes.Items(world)
        case "box":
            return fakes.Store(world)
        case "mode":
            return ("a", "b", "c")[world.choose(3)]
        case "given":
            return fakes.Value(world) if world.choose(2) else None
        case _:
            return fakes.Value(world)


def drive_coroutine(coroutine: Any) -> None:
    with contextlib.suppress(StopIteration):
        coroutine.send(None)
        coroutine.close()


def drive_manager(world: World, generator: Any) -> None:
    """What a `with` block does: it ends, or something is raised in it."""
    next(generator)
    pick = world.choose(len(world.raises) + 1)
    try:
        if pick:
            generator.throw(world.raises[pick - 1]())
        else:
            next(generator)
    except StopIteration:
        return
    finally:
        abandon(generator)


def drive_generator(world: World, generator: Any) -> None:
    """Somebody takes a few values, or gives up after any of them."""
    try:
        for _ in range(MOST_YIELDS):
            next(generator)
            if world.choose(2):
                break
    except StopIteration:
        return
    finally:
        abandon(generator)


def abandon(generator: Any) -> None:
    """Close it, as often as it goes on all the same."""
    for _ in range(MOST_YIELDS):
        try:
            generator.close()
            break
        except RuntimeError:
            continue


def exceptions(tree: ast.Module) -> list[Callable[[], BaseException]]:
    """Every exception that a call can raise: those that handlers name, and one that none does."""
    named: dict[str, Callable[[], BaseException]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            types: Iterable[ast.expr] = node.type.elts if isinstance(node.type, ast.Tuple) else (node.type,)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "suppress":
            types = node.args
        else:
            continue
        for part in types:
            found = KNOWN.get(ast.unparse(part))
            if found is not None:
                named[ast.unparse(part)] = found
    star = any(isinstance(node, ast.TryStar) for node in ast.walk(tree))
    several = [functools.partial(ExceptionGroup, "", [make() for make in [*named.values(), UnforeseenError]])]
    return [UnforeseenError, *named.values(), *(several if star else ())]  # type: ignore[list-item]


KNOWN: dict[str, Callable[[], BaseException]] = {
    "ValueError": ValueError,
    "KeyError": KeyError,
    "LookupError": LookupError,
    "OSError": OSError,
    "TimeoutError": TimeoutError,
    "psycopg2.Error": fakes.Psycopg2Error,
}
