"""Functions of the same module that the generated function calls, and functions inside it."""

from __future__ import annotations

import random

HELPERS: dict[str, tuple[str, ...]] = {
    "open_it": (
        'def open_it():\n    return psycopg2.connect("x")',
        'def open_it():\n    c = psycopg2.connect("x")\n    work()\n    return c',
        'def open_it():\n    c = psycopg2.connect("x")\n    c.autocommit = True\n    return c',
        'def open_it():\n    c = psycopg2.connect("x")\n    try:\n        work()\n    except BaseException:\n'
        "        c.close()\n        raise\n    return c",
        'def open_it():\n    c = psycopg2.connect("x")\n    try:\n        c.execute("q")\n    except Exception:\n'
        "        c.close()\n        return psycopg2.connect('y')\n    return c",
    ),
    "maybe_open": (
        'def maybe_open(flag):\n    if flag:\n        return None\n    return psycopg2.connect("x")',
        'def maybe_open(flag):\n    try:\n        return psycopg2.connect("x")\n'
        "    except ValueError:\n        return None",
    ),
    "pair": (
        'def pair():\n    n = find()\n    return psycopg2.connect("x"), n',
        'def pair():\n    c = psycopg2.connect("x")\n    return c, find()',
    ),
    "shut": (
        "def shut(c):\n    c.close()",
        "def shut(c):\n    if c is not None:\n        c.close()",
        "def shut(c):\n    if c:\n        c.close()",
        "def shut(c):\n    try:\n        work()\n    finally:\n        c.close()",
        "def shut(c):\n    work()\n    c.close()",
        "def shut(c):\n    try:\n        c.rollback()\n    except Exception:\n        log.info('x')\n    c.close()",
        "def shut(c):\n    if check():\n        c.close()",
        "def shut(c):\n    with closing(c):\n        work()",
    ),
    "keep": (
        "def keep(c):\n    REGISTRY.append(c)",
        "def keep(c):\n    REGISTRY.append(c)\n    work()",
        "def keep(c):\n    work()\n    REGISTRY.append(c)",
    ),
    "look": (
        "def look(c):\n    c.execute('q')",
        "def look(c):\n    return c",
        "def look(c):\n    use(c)",
        "def look(c):\n    work()\n    return 1",
    ),
    "scoped": (
        "@contextmanager\ndef scoped():\n    c = psycopg2.connect('x')\n    try:\n        yield c\n"
        "    finally:\n        c.close()",
        "@contextmanager\ndef scoped():\n    c = psycopg2.connect('x')\n    yield c\n    c.close()",
        "@contextmanager\ndef scoped():\n    with closing(psycopg2.connect('x')) as c:\n        yield c",
        "@contextmanager\ndef scoped():\n    c = psycopg2.connect('x')\n    try:\n        yield c\n"
        "    except Exception:\n        log.info('x')\n    finally:\n        c.close()",
        "@contextmanager\ndef scoped():\n    c = psycopg2.connect('x')\n    try:\n        yield c\n        c.commit()\n"
        "    except ValueError:\n        c.rollback()\n        raise\n    finally:\n        c.close()",
    ),
    "closes": (
        "@contextmanager\ndef closes(c):\n    try:\n        yield\n    finally:\n        c.close()",
        "@contextmanager\ndef closes(c):\n    try:\n        yield c\n    finally:\n        c.close()",
        "@contextmanager\ndef closes(c):\n    yield\n    c.close()",
        "@contextmanager\ndef closes(c):\n    c.execute('q')\n    yield c",
    ),
    "swallow": (
        "@contextmanager\ndef swallow():\n    try:\n        yield\n    except Exception:\n        log.info('x')",
        "@contextmanager\ndef swallow():\n    try:\n        yield\n    except ValueError:\n        pass",
        "@contextmanager\ndef swallow():\n    try:\n        yield\n    finally:\n        log.info('x')",
    ),
}


def nested(rng: random.Random, name: str, pooled: bool) -> list[str]:
    """A function inside the function that does something to a variable of it."""
    release = f"pool.putconn({name})" if pooled else f"{name}.close()"
    acquisition = "pool.getconn()" if pooled else 'psycopg2.connect("x")'
    partial = f"functools.partial(pool.putconn, {name})"
    return rng.choice(
        (
            ["def inner():", f"    {release}"],
            ["def inner():", f"    if {name}:", f"        {release}"],
            ["def inner():", "    work()", f"    {release}"],
            ["def inner():", f"    nonlocal {name}", f"    {release}", f"    {name} = None"],
            ["def inner():", f"    nonlocal {name}", f"    {name} = {acquisition}"],
            ["def inner():", f"    return {name}"],
            ["def inner():", "    work()"],
            ["def inner():", f"    {name}.execute('q')"],
            ["def inner(c=None):", "    if c:", "        pool.putconn(c)" if pooled else "        c.close()"],
            ["def inner():", f"    c = {acquisition}", "    return c"],
            ["def inner():", "    if check():", "        return", f"    {release}"],
            [f"inner = lambda: {release}"],
            [f"inner = lambda: {name}"],
            [f"inner = {partial}" if pooled else f"inner = {name}.close"],
            ["inner = None"],
        )
    )
