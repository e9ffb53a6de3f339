"""What an instrumented program calls while it runs."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from tests.oracle import fakes
from tests.oracle.world import World

MOST_ELEMENTS = 8


class Judge:
    """What the instrumented program calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.unbound = fakes.Nothing(world)

    def function(self, gives_back: bool, hands_over: bool) -> Callable[[Any], Any]:
        return lambda func: wrap(self.world, func, gives_back, hands_over)

    def handler(self) -> str:
        self.world.see(sys.exc_info()[1])
        return self.world.enter("handler")

    def raised(self) -> bool:
        self.world.see(sys.exc_info()[1])
        return True

    def final(self, raised: bool) -> str:
        return self.world.enter("final" if raised else "")

    def leave_mode(self, before: str) -> None:
        self.world.leave_mode(before)

    def counter(self) -> list[int]:
        return [0]

    def turn(self, counter: list[int]) -> None:
        counter[0] += 1
        if counter[0] > self.world.turns:
            self.world.stop()

    def named(self, value: Any) -> Any:
        """Iterating over what a name holds does not fail."""
        if isinstance(value, list | tuple | dict | set):
            return self.bounded(value)
        return fakes.Items(self.world) if isinstance(value, fakes.Value) or value is None else value

    def bounded(self, values: Iterable[Any]) -> Iterator[Any]:
        """A container may grow while it is iterated over."""
        for turn, value in enumerate(values):
            if turn > MOST_ELEMENTS:
                self.world.stop()
            yield value

    def iterated(self, value: Any) -> Any:
        """Iterating over the result of an unknown call may fail."""
        return failing(self.world) if isinstance(value, fakes.Value) else value

    def asynchronous(self, value: Any) -> Any:
        del value
        return failing_async(self.world)

    def object(self, value: Any) -> Any:
        if value is None or isinstance(value, fakes.Nothing):
            self.world.misused = True
            return self.unbound
        return value

    def callable(self, value: Any) -> Any:
        return self.object(value) if value is None or isinstance(value, fakes.Nothing) else value

    def seen(self, value: Any) -> Any:
        if isinstance(value, fakes.Nothing):
            self.world.misused = True
        return value

    def stored(self, *older: object) -> None:
        """A store through a subscript may fail, after which the value counts as stored."""
        self.world.give_away(*older)
        self.world.hazard()

    def awaited(self, value: Any) -> Any:
        return value if hasattr(value, "__await__") else fakes.Awaitable(self.world, "")


def failing(world: World) -> Iterator[fakes.Value]:
    for turn in range(world.turns + 1):
        world.hazard()
        if turn == world.turns or not world.choose(2):
            return
        yield fakes.Value(world)


async def failing_async(world: World) -> Any:
    for turn in range(world.turns + 1):
        world.hazard(awaiting=True)
        if turn == world.turns or not world.choose(2):
            return
        yield fakes.Value(world)


def wrap(world: World, func: Any, gives_back: bool, hands_over: bool) -> Any:
    """The function, with the judge looking at what it owes when it is left.

    Where it hands over what it was given, that counts as done also where it raises before.
    """
    if inspect.isgeneratorfunction(func):
        made: Any = lambda *args, **kwargs: watched(world, func, gives_back, args, kwargs)  # noqa: E731
    elif inspect.iscoroutinefunction(func):

        async def made(*args: Any, **kwargs: Any) -> Any:
            with frame(world, func, args) as left:
                left.append(await func(*args, **kwargs))
                return left[0]
    else:

        def made(*args: Any, **kwargs: Any) -> Any:
            with frame(world, func, args, hands_over=hands_over) as left:
                left.append(func(*args, **kwargs))
                return left[0]

    functools.update_wrapper(made, func)
    return made


class frame:  # noqa: N801  # reads as a statement
    """One call of a function of the program; what it returns is put into the list."""

    def __init__(self, world: World, func: Any, args: tuple[Any, ...], *, hands_over: bool = False) -> None:
        self.world, self.func, self.args, self.hands_over = world, func, args, hands_over
        self.left: list[Any] = []

    def __enter__(self) -> list[Any]:
        self.frame = self.world.push(self.func.__name__, self.args, self.func.__closure__ or ())
        return self.left

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self.world.see(error)
        if self.hands_over and error is not None:
            self.world.give_away(*self.args)
        self.world.pop(self.frame, self.left[0] if self.left else None, "return" if error is None else "raise")


def watched(world: World, func: Any, gives_back: bool, args: Any, kwargs: Any) -> Generator[Any, Any, Any]:
    """A generator; while it is suspended the frame of whoever resumes it is the innermost."""
    mine = world.push(func.__name__, args, func.__closure__ or ())
    resumer = mine.parent
    inner = func(*args, **kwargs)
    step: Callable[[], Any] = functools.partial(next, inner)
    while True:
        world.frame = mine
        try:
            value = step()
        except StopIteration as stop:
            world.pop(mine, stop.value, "return")
            return stop.value
        except BaseException as error:
            world.see(error)
            world.pop(mine, None, "raise")
            raise
        finally:
            world.frame = resumer
        if not gives_back:
            world.give_away(value)
        try:
            sent = yield value
        except BaseException as error:
            step = functools.partial(inner.throw, error)
        else:
            step = functools.partial(inner.send, sent)
        resumer = world.frame
