"""Rules: which leaks to speak of, in what words. The first rule of `LEAK_RULES` that has something to say reports."""

from leaklint.rules.base import Rule
from leaklint.rules.closed_not_returned import ClosedNotReturned
from leaklint.rules.discarded import Discarded
from leaklint.rules.field_never_released import FieldNeverReleased
from leaklint.rules.init_leak import InitLeak
from leaklint.rules.leak_on_exception import LeakOnException
from leaklint.rules.leak_on_return import LeakOnReturn
from leaklint.rules.lost_by_rebinding import LostByRebinding
from leaklint.rules.never_released import NeverReleased
from leaklint.rules.release_not_awaited import ReleaseNotAwaited
from leaklint.rules.unreadable import Unreadable
from leaklint.rules.untrue_contract import UntrueContract
from leaklint.rules.unused_suppression import UnusedSuppression
from leaklint.rules.with_does_not_close import WithDoesNotClose

LEAK_RULES: tuple[Rule, ...] = (
    Discarded(),
    ClosedNotReturned(),
    ReleaseNotAwaited(),
    WithDoesNotClose(),
    LostByRebinding(),
    NeverReleased(),
    LeakOnReturn(),
    InitLeak(),
    LeakOnException(),
)
RULES: tuple[Rule, ...] = (*LEAK_RULES, FieldNeverReleased(), UntrueContract(), UnusedSuppression(), Unreadable())
