"""Calls against drivers: by qualified name or receiver type, by a distinctive or telling name, by convention."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leaklint.drivers.spec import Acquisition
from leaklint.flow.facts import statements
from leaklint.flow.program import Argument, Attribute, Call, Const, Evaluate, Place
from leaklint.flow.resolver import Acquired
from leaklint.ownership.catalog import Entry, telling, tells_factory
from leaklint.ownership.evidence import bound_names, used_as_connection
from leaklint.ownership.resolve import Target
from leaklint.ownership.view import View

SOMEBODYS = frozenset({"get_bind", "connection", "get_connection", "get_bind_connection", "driver_connection"})
CONNECTION_NAME = re.compile(r"(^|_)(conn|connection|bind|con|dbconn|cnx)\d*$")
NOT_A_DATABASE = frozenset(
    [
        "socket",
        "asyncio",
        "smtplib",
        "imaplib",
        "poplib",
        "ftplib",
        "http",
        "telnetlib",
        "websockets",
        "websocket",
        "paramiko",
        "ldap",
        "ldap3",
        "libvirt",
        "pika",
        "kombu",
        "amqp",
        "redis",
        "zmq",
        "ssl",
        "multiprocessing",
        "boto",
        "boto3",
        "signal",
        "blinker",
        "PyQt5",
        "PyQt6",
        "PySide2",
        "PySide6",
        "grpc",
        "nats",
        "docker",
        "ssh",
        "fabric",
        "mqtt",
        "paho",
        "serial",
        "bluetooth",
        "dbus",
        "xmlrpc",
        "nntplib",
    ]
)


def match_library(view: View, call: Call, name: str) -> Acquired | None:
    """The acquisition that a qualified name stands for, if these arguments open anything."""
    catalog = view.project.catalog
    entries = catalog.calls.get(name) or catalog.members.get(name) or ()
    for entry in entries:
        acquisition = entry.acquisition
        qualified = name in acquisition.calls
        if qualified and acquisition.only_with and not given_any(call.args, acquisition.only_with):
            continue
        if opens(view, call, acquisition, constructor=qualified):
            return Acquired(acquisition, entry.driver.name)
        return None
    return None


def given_any(args: Iterable[Argument], keywords: Iterable[str]) -> bool:
    wanted = set(keywords)
    return any(argument.keyword in wanted for argument in args)


def opens(view: View, call: Call, acquisition: Acquisition, *, constructor: bool) -> bool:
    """Whether a call with these arguments comes to owe something of its own."""
    if given_any(call.args, [word for word in acquisition.never_with if word != "none"]):
        return False
    first = call.args[0].value if call.args else None
    if "none" in acquisition.never_with and isinstance(first, Const) and first.value is None:
        return False
    if not acquisition.lazy:
        return True
    if constructor and not call.args and "orm.Session" in acquisition.type:
        return False
    bind = next((a.value for a in call.args if a.keyword in {"bind", None} and not a.star), None)
    return not _is_somebodys(view, bind) and _is_used(view, call)


def _is_somebodys(view: View, bind: object) -> bool:
    """A bind that is a connection: whoever opened that one answers for it."""
    if isinstance(bind, Call):
        return bind.method in SOMEBODYS
    if isinstance(bind, Place):
        target = view.target(bind.path)
        if target.kind == "instance":
            return target.name.endswith("Connection")
        return bool(CONNECTION_NAME.search(bind.path.rpartition(".")[2]))
    return False


def _is_used(view: View, call: Call) -> bool:
    """A lazy session that nobody uses holds nothing: it must be used, yielded or handed on somewhere."""
    names = set(bound_names(view.procedure, call))
    if not names:
        return not any(isinstance(s, Evaluate) and s.value is call for s in statements(view.procedure))
    return any("." in name or view.mentions[name] > 1 for name in names)


def match_unknown(view: View, call: Call, target: Target) -> Acquired | None:
    """A call on something whose type is not known, told by its names."""
    if isinstance(call.func, Attribute):
        inner = call.func.base
        return _by_name(view, call, inner.method if isinstance(inner, Call) else "?", call.method)
    if not isinstance(call.func, Place):
        return None
    base, _, method = call.func.path.rpartition(".")
    if target.kind in {"library", "member"}:
        if target.name.partition(".")[0] in view.project.catalog.libraries:
            return None
        return _like_a_database(view, call, target) or _by_name(view, call, base, method)
    return _by_name(view, call, base, method)


def _by_name(view: View, call: Call, base: str, method: str) -> Acquired | None:
    candidates: list[Entry] = []
    for entry in view.project.catalog.methods.get(
        method if base or method in view.project.catalog.methods else "()", ()
    ):
        if entry.driver.name == "conventions":
            continue
        if entry.acquisition.distinctive or telling(base, entry.acquisition.telling):
            candidates.append(entry)
    if not base or not candidates:
        candidates = [
            e for e in view.project.catalog.methods.get("()", ()) if tells_factory(method, e.acquisition.telling)
        ]
    chosen = _choose(view, call, candidates)
    if chosen is not None:
        if not opens(view, call, chosen.acquisition, constructor=False):
            return None
        return Acquired(chosen.acquisition, chosen.driver.name)
    return _by_convention(view, call, method)


def _choose(view: View, call: Call, candidates: list[Entry]) -> Entry | None:
    """The candidate whose library the file imports, and whose way of being awaited fits."""
    fitting = [e for e in candidates if (e.acquisition.awaiting == "no") or call in view.awaited] or candidates
    if call in view.awaited:
        fitting = [e for e in fitting if e.acquisition.awaiting != "no" or e.acquisition.lazy] or fitting
    roots = {name.partition(".")[0] for name in view.module.imports.values()}
    imported = [e for e in fitting if any(lib.partition(".")[0] in roots for lib in e.driver.libraries)]
    return next(iter(imported or fitting), None)


def _by_convention(view: View, call: Call, method: str) -> Acquired | None:
    if method in view.project.methods:
        return None
    for entry in view.project.catalog.methods.get(method, ()):
        acquisition = entry.acquisition
        if entry.driver.name == "conventions" and used_as_connection(view.procedure, call, acquisition):
            return Acquired(acquisition, entry.driver.name, confidence="medium")
    return None


def _like_a_database(view: View, call: Call, target: Target) -> Acquired | None:
    """`connect()` of a library nobody told us of, whose result is then used as a DB-API connection."""
    root = target.name.partition(".")[0]
    known = target.name in view.project.catalog.calls or root in view.project.catalog.libraries
    if call.method != "connect" or known or root in NOT_A_DATABASE or target.kind != "library":
        return None
    generic = next((e for e in view.project.catalog.methods.get("connect_db", ())), None)
    if generic is None or not used_as_connection(view.procedure, call):
        return None
    return Acquired(generic.acquisition, root, confidence="medium")
