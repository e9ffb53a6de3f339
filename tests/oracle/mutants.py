"""Wrong models of Python, each put into the engine; the judge has to notice every one of them."""

from __future__ import annotations

from collections.abc import Callable

from leaklint.flow.run import BREAK, CONTINUE, RETURN
from tests.oracle import mutants_flow as flow
from tests.oracle import mutants_handles as handles
from tests.oracle.mutants_flow import Patch

PLAIN = frozenset({"if", "try", "try typed", "try finally", "raise", "return"})
TRIES = frozenset({"try", "try typed"})
LOOPS = PLAIN | {"loops", "break", "else"}

Mutant = tuple[Callable[[Patch], None], frozenset[str], str]
MUTANTS: dict[str, Mutant] = {
    "finally runs once for all ways out": (flow.merged_finally, PLAIN - {"try typed"}, "plain"),
    "else is guarded by the handlers": (flow.else_guarded, PLAIN, "plain"),
    "a failed close counts as open": (handles.failed_close_counts_as_open, PLAIN, "plain"),
    "except Exception catches CancelledError": (
        flow.exception_catches_everything,
        frozenset({"try", "async"}),
        "async",
    ),
    "a typed handler catches everything": (flow.typed_handlers_complete, PLAIN, "plain"),
    "except Exception lets some pass": (flow.exception_incomplete, PLAIN, "plain"),
    "guards are ignored": (flow.guards_ignored, PLAIN | {"flags", "conditional"}, "plain"),
    "the second item is entered first": (flow.items_reversed, PLAIN | {"with own", "with closing"}, "plain"),
    "finally does not run on return": (flow.skipping(RETURN), PLAIN, "plain"),
    "break and continue skip finally": (flow.skipping(BREAK, CONTINUE), LOOPS, "plain"),
    "return in finally is ignored": (flow.pending_exit_wins, PLAIN | {"return in finally"}, "plain"),
    "a release in one branch counts for both": (flow.release_in_one_branch, PLAIN, "plain"),
    "loops run once": (flow.loops_run_once, LOOPS, "plain"),
    "rebinding is ignored": (handles.rebinding_ignored, PLAIN | {"none"}, "plain"),
    "aliases are ignored": (handles.aliases_ignored, PLAIN | {"alias"}, "plain"),
    "suppress is ignored": (flow.suppress_ignored, PLAIN | {"suppress"}, "plain"),
    "await is never cancelled": (flow.await_not_cancelled, PLAIN | {"async"}, "async"),
    "generators are always resumed": (flow.generators_always_resumed, PLAIN | {"generator"}, "generator"),
    "a failed acquisition owes": (handles.failed_acquisition_owes, PLAIN, "plain"),
    "every with releases": (handles.every_with_releases, PLAIN | {"with own"}, "plain"),
    "clean-up raises a second exception": (flow.cleanup_raises_again, PLAIN, "plain"),
    "what is returned is not handed over": (handles.results_keep_nothing, PLAIN | {"return handle"}, "plain"),
    "what is stored is not handed over": (handles.nothing_escapes, PLAIN | {"store"}, "plain"),
    "nested functions do nothing": (handles.closures_do_nothing, frozenset({"nested"}), "nested"),
    "close gives a slot back": (handles.slots_close, PLAIN | {"with closing"}, "plain"),
    "sys.exit returns": (handles.exits_come_back, PLAIN | {"exit"}, "plain"),
    "for has no else": (flow.for_has_no_else, LOOPS, "plain"),
    "else of a loop runs after break": (flow.else_after_break, frozenset({"loops", "break", "else"}), "plain"),
    "the first case always matches": (flow.first_case_always, PLAIN | {"match"}, "plain"),
    "another acquisition may yield None": (handles.others_may_be_none, PLAIN | {"conditional"}, "plain"),
    "raise in a handler raises nothing": (flow.raise_does_nothing, PLAIN, "plain"),
    "conditions are forgotten at once": (flow.conditions_decide_nothing, PLAIN | {"flags"}, "plain"),
}
"""What is wrong, and the features and the sort of program that show it."""

FIRST = {
    "finally runs once for all ways out": 150,
    "else is guarded by the handlers": 240,
    "a typed handler catches everything": 320,
    "except Exception lets some pass": 140,
    "the second item is entered first": 170,
    "finally does not run on return": 120,
    "break and continue skip finally": 340,
    "clean-up raises a second exception": 140,
    "conditions are forgotten at once": 430,
    "close gives a slot back": 160,
    "for has no else": 120,
    "else of a loop runs after break": 690,
}
"""Where to begin the search, to save time; any other program does as well."""
