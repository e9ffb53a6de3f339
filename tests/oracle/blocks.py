"""Compound statements of the generated programs."""

from __future__ import annotations

from tests.oracle.words import TYPES, Maker, Words, indent


class Blocks(Words):
    """Writes what has a body."""

    def compound(self) -> list[Maker]:
        makers: list[Maker] = [self.guarded] * 3
        table: dict[str, list[Maker]] = {
            "if": [self.if_] * 3,
            "try": [self.try_] * 3,
            "with own": [self.with_own],
            "with closing": [self.with_closing],
            "with unknown": [self.with_unknown],
            "suppress": [self.with_suppress],
            "stack": [self.with_stack],
            "loops": [self.loop] * 2,
            "match": [self.match],
        }
        for feature in sorted(table):
            if self.has(feature):
                makers += table[feature]
        return makers

    def guarded(self) -> list[str]:
        """What people write: acquire, and release in `finally` or in a handler."""
        name = self.name()
        first = [] if self.one_in(3) else [f"{name} = {self.acquisition()}"]
        kind = self.rng.randrange(4)
        if kind == 0:
            released = [self.released(name)] if self.one_in(2) else [f"if {name}:", *indent([self.released(name)])]
            return [*first, "try:", *self.block(2), "finally:", *indent(released)]
        if kind == 1:
            type_ = self.rng.choice((" Exception", " BaseException", ""))
            undone = [f"{name}.rollback()"] if not self.asynchronous and self.one_in(3) else []
            handler = [*undone, self.released(name), "raise"]
            return [*first, "try:", *self.block(2), f"except{type_}:", *indent(handler)]
        if kind == 2 and not self.asynchronous and self.has("with closing"):
            return [f"with closing({self.acquisition()}) as {name}:", *self.block(2)]
        return [f"{name} = None", "try:", *indent([f"{name} = {self.acquisition()}"]), *self.block(2), "finally:",
                *indent([f"if {name} is not None:", *indent([self.released(name)])])]  # fmt: skip

    def if_(self) -> list[str]:
        lines = [f"if {self.condition()}:", *self.block(2)]
        if self.one_in(4):
            lines += [f"elif {self.condition()}:", *self.block(1)]
        if self.one_in(2):
            lines += ["else:", *self.block(2)]
        return lines

    def try_(self) -> list[str]:
        lines = ["try:", *self.block(2)]
        star = self.has("except*") and self.one_in(5)
        handlers, yields = 0, self.yields
        self.yields = yields and self.has("late yields")
        if not self.one_in(4):
            for _ in range(self.rng.choice((1, 1, 2))):
                handlers += 1
                lines += self.handler(star)
                if lines[-1] == "#bare":
                    lines.pop()
                    break
        otherwise = ["else:", *self.block(2)] if handlers and self.one_in(3) else []
        final = ["finally:", *self.final()] if not handlers or self.one_in(3) else []
        self.yields = yields
        return [*lines, *otherwise, *final]

    def handler(self, star: bool) -> list[str]:
        types = TYPES if self.has("try typed") else ("Exception", "")
        type_ = self.rng.choice((*types, "asyncio.CancelledError") if self.asynchronous else types)
        if star:
            loops, self.loops, features = self.loops, 0, self.features
            self.features = features - {"return", "return handle", "break"}
            type_ = type_ or "Exception"
            body = self.block(2)
            self.loops, self.features = loops, features
            return [f"except* {type_}:", *body]
        body = self.block(2)
        if self.one_in(2):
            body += ["    raise"]
        named = f" {type_} as error" if type_ and self.one_in(3) else f" {type_}" if type_ else ""
        return [f"except{named}:", *body, *([] if type_ else ["#bare"])]

    def final(self) -> list[str]:
        features, self.finals = self.features, self.finals + 1
        if not self.has("return in finally"):
            self.features = features - {"return", "return handle", "break"}
        body = self.block(2)
        self.features, self.finals = features, self.finals - 1
        return body

    def with_own(self) -> list[str]:
        name = self.name()
        if self.asynchronous:
            return [f"async with pool.acquire() as {name}:", *self.block(2)]
        choices = [f"{self.acquisition()} as {name}", name, f"psycopg.connect('x') as {name}", "psycopg.connect('x')"]
        if self.one_in(4):
            return [f"with {self.rng.choice(choices)}, {self.rng.choice(choices)}:", *self.block(2)]
        return [f"with {self.rng.choice(choices)}:", *self.block(2)]

    def with_closing(self) -> list[str]:
        name = self.name()
        if self.asynchronous:
            return ["async with manager() as x:", *self.block(2)]
        choices = [f"closing({self.acquisition()}) as {name}", f"closing({name})"]
        if "scoped" in self.helpers:
            choices += [f"scoped() as {name}"] * 4
        if "closes" in self.helpers:
            target = self.name() if self.has("yielded back") else "x"
            choices += [f"closes({name})", f"closes({name}) as {target}"] * 2
        if "swallow" in self.helpers:
            choices += ["swallow()"] * 4
        items = [self.rng.choice(choices)]
        if self.one_in(3):
            items.insert(
                self.rng.randrange(2),
                self.rng.choice((f"{self.acquisition()} as {self.name()}", "manager() as x", "lock")),
            )
        return [f"with {', '.join(items)}:", *self.block(2)]

    def with_unknown(self) -> list[str]:
        return [f"with {self.rng.choice(('manager()', 'manager() as x', 'lock', 'nullcontext()'))}:", *self.block(2)]

    def with_suppress(self) -> list[str]:
        return [
            f"with suppress({self.rng.choice(('Exception', 'ValueError', 'KeyError, ValueError'))}):",
            *self.block(2),
        ]

    def with_stack(self) -> list[str]:
        if self.asynchronous:
            return self.with_unknown()
        name = self.name()
        pushed = self.rng.choice(
            (
                f"{name} = stack.enter_context(closing({self.acquisition()}))",
                f"stack.callback({name}.close)",
                "stack.enter_context(psycopg.connect('x'))",
                f"stack.callback(pool.putconn, {name})",
                f"{name} = stack.enter_context({self.acquisition()})",
            )
        )  # fmt: skip
        return ["with ExitStack() as stack:", *self.block(1), *indent([pushed]), *self.block(1)]

    def loop(self) -> list[str]:
        head = self.rng.choice(("for x in items:", "while check():", "while True:", "while flag:", "for x in work():"))
        if self.asynchronous and self.one_in(3):
            head = "async for x in work():"
        self.loops += 1
        lines = [head, *self.block(2)]
        if head == "while True:":
            lines += indent([f"if {self.rng.choice(('check()', 'flag'))}:", "    break"])
        if head == "while flag:":
            lines += indent(["flag = check()"])
        self.loops -= 1
        if self.has("else") and self.one_in(4):
            lines += ["else:", *self.block(1)]
        return lines

    def match(self) -> list[str]:
        name = self.name()
        lines = ["match mode:", *indent(["case 'a':", *self.block(2)])]
        if self.one_in(2):
            guard = self.rng.choice(("", f" if {self.condition()}"))
            lines += indent([f"case 'b'{guard}:", *self.block(1)])
        if self.one_in(2):
            lines += indent(["case _:", *self.block(1)])
        if self.one_in(3):
            return [f"match {name}:", *indent(["case None:", *self.block(1)]), *indent(["case x:", *self.block(1)])]
        return lines
