"""One check for each kind of claim: the library is run, and what is taken is counted."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from pkgutil import resolve_name

import pytest

from drivers.bench import QUIET, Bench, becomes, discard, entered, settled, stays

Check = Callable[[Bench, str], Awaitable[None]]


async def acquires(bench: Bench, way: str) -> None:
    if way.endswith("=…)"):
        await acquires_from_a_pool(bench, way)
        return
    await bench.start(way)
    resource = await bench.acquire()
    assert bench.taken() == (0 if bench.acquisition.lazy else 1)
    await bench.use(resource)
    assert bench.taken() == 1
    await bench.release(resource)


async def acquires_from_a_pool(bench: Bench, way: str) -> None:
    """With the keyword the connection is one of a pool's, which stays at the server when it is released."""
    name, keyword = way.removesuffix("=…)").split("(")
    resource = await settled(resolve_name(name)(**{**bench.arguments(), keyword: bench.keyword(keyword)}))
    await bench.use(resource)
    await bench.release(resource)
    assert not await becomes(bench.account.sessions, 0, patience=QUIET)


async def acquires_nothing_with(bench: Bench, keyword: str) -> None:
    call = resolve_name(bench.acquisition.calls[0])
    resource = call(None) if keyword == "none" else call(**bench.arguments(), **{keyword: bench.keyword(keyword)})
    assert await stays(bench.account.sessions, 0)
    if bench.acquisition.lazy:
        with pytest.raises(Exception, match="bind"):
            await bench.use(resource)


async def is_a(bench: Bench, kind: str) -> None:
    await bench.start()
    resource = await bench.hold()
    assert isinstance(resource, resolve_name(kind))
    await bench.release(resource)


async def releases(bench: Bench, release: str) -> None:
    await bench.start()
    resource = await bench.hold()
    result = bench.releasing(resource, release)()
    if method_of(release) in bench.acquisition.awaited:
        await result
    assert await becomes(bench.taken, 0)


async def keeps_the_slot(bench: Bench, close: str) -> None:
    await bench.start()
    resource = await bench.hold()
    await settled(bench.releasing(resource, close)())
    assert await stays(bench.taken, 1)
    assert await becomes(bench.account.sessions, 0)


async def needs_an_await(bench: Bench, release: str) -> None:
    await bench.start()
    resource = await bench.hold()
    owner = "pool." if method_of(release) in bench.acquisition.pool_releases else ""
    result = bench.releasing(resource, f"{owner}{release}")()
    assert hasattr(result, "__await__")
    assert await stays(bench.taken, 1)
    await discard(result)


async def is_the_same(bench: Bench, method: str) -> None:
    """What the method returns is released in the place of the resource, and nothing stays taken."""
    await bench.start()
    resource = bench.call() if method in bench.unstarted else await bench.acquire()
    again = await settled(resource() if method == "calling it" else bench.releasing(resource, method)())
    await bench.use(again)
    assert bench.taken() == 1
    await settled(again.close())
    assert await becomes(bench.taken, 0)


async def is_released_twice(bench: Bench, outcome: str) -> None:
    await bench.start()
    resource = await bench.hold()
    await bench.release(resource)
    assert await becomes(bench.taken, 0)
    if outcome == "raises":
        with pytest.raises(Exception):  # noqa: B017, PT011 - every library has its own
            await bench.release(resource)
    else:
        await bench.release(resource)
    assert await stays(bench.taken, 0)


async def entering_the_call(bench: Bench, outcome: str) -> None:
    await bench.start()
    await entering(bench, outcome, bench.call())


async def entering_the_awaited(bench: Bench, outcome: str) -> None:
    await bench.start()
    await entering(bench, outcome, await bench.acquire())


async def entering_what_calling_yields(bench: Bench, outcome: str) -> None:
    await bench.start()
    registry = await bench.acquire()
    await entering(bench, outcome, registry())


async def entering(bench: Bench, outcome: str, made: object) -> None:
    if outcome == "unsupported":
        with pytest.raises(Exception):  # noqa: B017, PT011 - TypeError mostly, or the library's own
            async with entered(made):
                pytest.fail("it can be entered")
        await discard(made)
        return
    async with entered(made) as resource:
        await bench.use(resource)
        assert bench.taken() == 1
        del resource
    assert await (becomes(bench.taken, 0) if outcome == "releases" else stays(bench.taken, 1))


async def is_dropped(bench: Bench, outcome: str) -> None:
    """The last name goes away without a release."""
    await bench.start()
    gc.collect()
    gc.disable()
    try:
        await bench.hold()
        left = {"at once": becomes(bench.taken, 0)}.get(outcome) or stays(bench.taken, 1)
        assert await left
    finally:
        gc.enable()
    gc.collect()
    if outcome == "until garbage collection":
        assert await becomes(bench.taken, 0)
    elif outcome != "at once":
        assert await stays(bench.taken, 1)


async def ends_as_said(bench: Bench, outcome: str) -> None:
    """The block of the template, left normally, commits or does not commit what the plain release would not."""
    twin = bench.twin()
    await twin.start()
    try:
        await twin.release(await twin.hold())
        plain = twin.account.rows()
    finally:
        await twin.stop()
    await bench.start()
    await bench.run(bench.block(), arguments=bench.arguments(), pool=bench.pool)
    assert await becomes(bench.taken, 0)
    assert bench.account.rows() - plain == (1 if outcome == "commits as well" else 0)


def method_of(release: str) -> str:
    return release.removeprefix("pool.").partition("(")[0]


async def tells(bench: Bench, attribute: str) -> None:
    """It is one thing while the resource is held, and the other once it was released."""
    await bench.start()
    resource = await bench.hold()
    held = bool(getattr(resource, attribute))
    await bench.release(resource)
    assert await becomes(bench.taken, 0)
    assert bool(getattr(resource, attribute)) is not held


CHECKS: dict[str, Check] = {
    "acquired by": acquires,
    "not acquired with": acquires_nothing_with,
    "is a": is_a,
    "released by": releases,
    "slot kept by": keeps_the_slot,
    "nothing unless awaited:": needs_an_await,
    "the same resource:": is_the_same,
    "told by": tells,
    "a second release": is_released_twice,
    "`with` on the call": entering_the_call,
    "`with` on the awaited call": entering_the_awaited,
    "`with` on what calling it yields": entering_what_calling_yields,
    "when dropped": is_dropped,
    "the safe form": ends_as_said,
}
