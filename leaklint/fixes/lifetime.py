"""What hangs on a connection: cursors, results, generators, loaded objects, and where they go.

Every expression is put into one of six kinds. What is `lazy` needs its connection later on for certain, and so will
what `holds` it, an object built from it; an `object` was loaded by a session and may; a `maybe` came out of a call that
somebody unknown made of it; `plain` data does not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import IntEnum
from functools import cached_property

from leaklint.fixes.case import Case, own_nodes, path_of
from leaklint.fixes.releases import is_release

CALLED = "used by a call"


class Kind(IntEnum):
    """How much a value needs the connection."""

    PLAIN = 0
    MAYBE = 1
    OBJECT = 2
    HOLDS = 3
    LAZY = 4
    HANDLE = 5


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FETCHES = words(
    "fetchall fetchone fetchmany fetchval fetchrow fetch fetchdf fetchnumpy fetch_arrow_table fetch_df df pl arrow "
    "scalar scalar_one scalar_one_or_none commit rollback close count exists nextset callproc mogrify executemany "
    "executescript copy_expert copy_from copy_to flush expire_all expunge expunge_all delete refresh "
    "bulk_save_objects bulk_insert_mappings get_server_version get_dsn_parameters in_transaction is_connected "
    "is_closed update invalidate add add_all ping cancel set_session set_isolation_level set_autocommit "
    "all first one one_or_none get keys table_names get_table_names get_columns has_table execute_fetchall"
)
LOADS = words("all first one one_or_none get merge scalar scalar_one scalar_one_or_none fetchall fetchone")
LAZY = words(
    "cursor execute exec query scalars stream stream_scalars begin begin_nested transaction prepare cursor_factory "
    "mappings filter filter_by order_by limit offset join options yield_per register sql table from_query "
    "connection pipeline unique partitions columns xcursor makefile raw_connection execute_many"
)
TAKES_ALL = words(
    "list tuple set dict frozenset sorted len str int float bool sum min max any all repr next print isinstance type "
    "hasattr callable bytes round abs id hash vars"
)
KEEPS_ITEMS = words("list tuple set dict frozenset sorted min max next")
READS_ALL = words("read_sql read_sql_query read_sql_table to_sql execute_values execute_batch")
PLAIN_ATTRIBUTES = words(
    "rowcount lastrowid description server_version closed autocommit info total_changes inserted_primary_key "
    "in_transaction isolation_level status notices encoding dialect name returns_rows is_active"
)
STORES = words("append add extend insert update setdefault put put_nowait appendleft push register send")


class Lifetime:
    """The names of a function that hang on the handle, each with its kind."""

    def __init__(self, case: Case, handle: str, unnamed: ast.expr | None = None) -> None:
        """`unnamed` is the acquisition itself, where it is part of a larger expression."""
        self.case = case
        self.handle = handle
        self.unnamed = unnamed
        self.session = "session" in case.resource.noun
        self.names: dict[str, Kind] = {handle: Kind.HANDLE}
        nodes = list(own_nodes(case.function))
        for _ in range(6):
            before = dict(self.names)
            for node in nodes:
                self._bind(node)
            if before == self.names:
                break

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets, value):
                for target in targets:
                    self._assign(target, self.kind(value), value)
            case ast.AnnAssign(target, _, ast.expr() as value) | ast.AugAssign(target, _, value):
                self._assign(target, self.kind(value), value)
            case ast.NamedExpr(target, value):
                self._assign(target, self.kind(value), value)
            case ast.For(target, iterable) | ast.AsyncFor(target, iterable) | ast.comprehension(target, iterable):
                self._assign(target, self.element(iterable), None)
            case ast.withitem(value, ast.expr() as target):
                self._assign(target, self.kind(value), value)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if self._reads(node):
                    self._mark(node.name, Kind.LAZY)
            case ast.Call(ast.Attribute(base, method), args) if method in STORES:
                self._stored(base, args)
            case _:
                pass

    def _stored(self, base: ast.expr, args: list[ast.expr]) -> None:
        """What goes into a local container, or an object that is added to a session."""
        owner = path_of(base)
        if owner == self.handle and self.session:
            for arg in args:
                self._mark(path_of(arg), Kind.OBJECT)
        elif owner and "." not in owner:
            kind = max((self.kind(arg) for arg in args), default=Kind.PLAIN)
            if owner != self.handle and owner in self._locals:
                self._mark(owner, min(kind, Kind.LAZY))

    def _assign(self, target: ast.expr, kind: Kind, value: ast.expr | None) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for index, one in enumerate(target.elts):
                exact = self.kind(parts[index]) if len(parts) == len(target.elts) else kind
                self._assign(one.value if isinstance(one, ast.Starred) else one, exact, None)
            return
        if isinstance(target, ast.Subscript):
            target = target.value
        self._mark(path_of(target), min(kind, Kind.LAZY) if path_of(target) != self.handle else kind)

    def _mark(self, path: str, kind: Kind) -> None:
        if path and kind > self.names.get(path, Kind.PLAIN):
            self.names[path] = kind

    def _reads(self, node: ast.AST) -> bool:
        return any(self.kind(n) >= Kind.LAZY for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute))

    def element(self, iterable: ast.expr) -> Kind:
        """What a loop over the value gives."""
        kind = self.kind(iterable)
        if kind == Kind.LAZY:
            return Kind.OBJECT if self.session else Kind.PLAIN
        return kind

    def kind(self, node: ast.AST) -> Kind:
        if node is self.unnamed:
            return Kind.HANDLE
        path = path_of(node)
        if path in self.names:
            return self.names[path]
        match node:
            case ast.Attribute(base, name):
                return self._attribute(self.kind(base), name)
            case ast.Call():
                return self._call(node)
            case ast.Await(value) | ast.Starred(value) | ast.NamedExpr(_, value):
                return self.kind(value)
            case ast.Subscript(value):
                return min(self.kind(value), Kind.OBJECT)
            case ast.GeneratorExp():
                return Kind.LAZY if self._reads(node) else Kind.PLAIN
            case ast.Lambda(_, body):
                return Kind.LAZY if self._reads(body) else Kind.PLAIN
            case ast.ListComp(element) | ast.SetComp(element) | ast.DictComp(_, element):
                return min(self.kind(element), Kind.LAZY)
            case ast.IfExp(_, body, orelse):
                return max(self.kind(body), self.kind(orelse))
            case ast.Compare() | ast.JoinedStr() | ast.UnaryOp() | ast.Constant() | ast.Name():
                return Kind.PLAIN
            case _:
                return max((self.kind(child) for child in ast.iter_child_nodes(node)), default=Kind.PLAIN)

    def _attribute(self, base: Kind, name: str) -> Kind:
        if base <= Kind.PLAIN or name in PLAIN_ATTRIBUTES:
            return Kind.PLAIN
        return Kind.LAZY if base >= Kind.LAZY else Kind.MAYBE

    def _call(self, node: ast.Call) -> Kind:
        args = [self.kind(arg) for arg in node.args] + [self.kind(keyword.value) for keyword in node.keywords]
        given = max(args, default=Kind.PLAIN)
        if isinstance(node.func, ast.Attribute):
            base = self.kind(node.func.value)
            if base > Kind.PLAIN:
                return self._method(base, node.func.attr)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
            return Kind.PLAIN  # `", ".join(rows)` reads them all
        name = path_of(node.func).rpartition(".")[2]
        if given == Kind.PLAIN:
            return Kind.MAYBE if self.names.get(path_of(node.func), Kind.PLAIN) > Kind.PLAIN else Kind.PLAIN
        if name in TAKES_ALL:
            kept = (self.session and given >= Kind.MAYBE) or given in {Kind.MAYBE, Kind.OBJECT}
            return Kind.OBJECT if name in KEEPS_ITEMS and kept else Kind.PLAIN
        if name in READS_ALL:
            return Kind.LAZY if any(keyword.arg == "chunksize" for keyword in node.keywords) else Kind.PLAIN
        if name in {"map", "filter", "zip", "enumerate", "iter", "reversed"}:
            return Kind.LAZY
        builds = name[:1].isupper() and name.upper() != name
        return Kind.HOLDS if builds and given != Kind.OBJECT else Kind.MAYBE

    def _method(self, base: Kind, name: str) -> Kind:
        if base in {Kind.MAYBE, Kind.OBJECT, Kind.HOLDS}:
            return Kind.MAYBE
        if name in FETCHES:
            return Kind.OBJECT if self.session and name in LOADS else Kind.PLAIN
        return Kind.LAZY if name in LAZY else Kind.MAYBE

    def escapes(self, statements: list[ast.stmt]) -> Iterator[tuple[Kind, ast.AST, str]]:
        """What gets out of the function alive: kind, where, and how."""
        for statement in statements:
            for node in [statement, *own_nodes(statement)]:
                if isinstance(node, ast.Call) and is_release(self.case, self.handle, node):
                    continue
                match node:
                    case ast.Return(ast.expr() as value):
                        yield self.kind(value), value, "returned"
                    case ast.Assign(targets, value) if any(self._outlives(target) for target in targets):
                        yield self.kind(value), value, "kept"
                    case ast.Call(ast.Attribute(base, method), args) if method in STORES and self._outlives(base):
                        for arg in args:
                            yield self.kind(arg), arg, "kept"
                    case ast.Call() if self._lends(node):
                        yield Kind.MAYBE, node, CALLED
                    case _:
                        pass

    def lends(self, statement: ast.stmt) -> bool:
        """Whether somebody unknown is given the handle by something in the statement, and may keep it."""
        calls = [node for node in own_nodes(statement) if isinstance(node, ast.Call)]
        return any(self._lends(call) and not is_release(self.case, self.handle, call) for call in calls)

    def _lends(self, node: ast.Call) -> bool:
        name = path_of(node.func).rpartition(".")[2]
        if name in TAKES_ALL or name in READS_ALL or node is self.case.call:
            return False
        if not self.case.facts.borrowing.isdisjoint(self.case.passings(node, self.handle)):
            return False
        return any(self.kind(arg) == Kind.HANDLE for arg in [*node.args, *(k.value for k in node.keywords)])

    def _outlives(self, target: ast.expr) -> bool:
        """Whether a target is more than a local variable."""
        while isinstance(target, ast.Subscript):
            target = target.value
        path = path_of(target)
        if path == self.handle:
            return False
        return "." in path or (bool(path) and path not in self._locals)

    @cached_property
    def _locals(self) -> frozenset[str]:
        """Names that the function binds itself, parameters apart."""
        outer = {
            name
            for node in own_nodes(self.case.function)
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }
        bound = {
            node.id
            for node in own_nodes(self.case.function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return frozenset(bound - outer)
