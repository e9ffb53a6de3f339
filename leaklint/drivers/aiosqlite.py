"""aiosqlite: each connection is a thread, and one that is never closed can keep the interpreter from ending."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import ASYNC_WITH

AIOSQLITE = Driver(
    name="aiosqlite",
    title="aiosqlite",
    libraries=("aiosqlite",),
    acquisitions=(
        Acquisition(
            calls=("aiosqlite.connect",),
            type="aiosqlite.Connection",
            awaiting="await or with",
            releases=("close", "stop"),
            awaited=("close",),
            entered="releases",
            entered_awaited="unsupported",
            dropped="never closed",
            template=ASYNC_WITH,
            evidence="ran",
            source="aiosqlite 0.22.1 and 0.21.0",
            versions=(("when dropped never closed", "aiosqlite<0.22"), ("released by stop()", "aiosqlite>=0.22")),
        ),
    ),
    aliases={"aiosqlite.core": "aiosqlite"},
    borrows=("aiosqlite.Connection.backup", "aiosqlite.Cursor"),
)
