"""The drivers agree with themselves: what one word promises, another keeps."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import msgspec
import pytest

from leaklint.drivers import DRIVERS
from leaklint.drivers.spec import Acquisition, Driver, Template

FOLDER = Path(__file__).parents[1] / "leaklint" / "drivers"
FIXTURES = Path(__file__).parent / "fixtures" / "drivers"
NOT_A_LIBRARY = {"__init__", "claims", "spec", "templates"}
IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
QUALIFIED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\Z")
EXPECTED = [
    "aiomysql",
    "aioodbc",
    "aiopg",
    "aiosqlite",
    "asyncmy",
    "asyncpg",
    "clickhouse_connect",
    "clickhouse_driver",
    "conventions",
    "cx_oracle",
    "databases",
    "dataframes",
    "dbutils",
    "duckdb",
    "eventlet",
    "ibm_db",
    "impala",
    "jaydebeapi",
    "mariadb",
    "mysql_connector",
    "mysqldb",
    "oracledb",
    "oslo_db",
    "peewee",
    "psycopg",
    "psycopg2",
    "psycopg_pool",
    "pymssql",
    "pymysql",
    "pyodbc",
    "redis",
    "snowflake",
    "sqlalchemy",
    "sqlite3",
    "sqlmodel",
    "trino",
    "vertica",
]

PAIRS = [(driver, acquisition) for driver in DRIVERS for acquisition in driver.acquisitions]
ALIASES = {alias: target for driver in DRIVERS for alias, target in driver.aliases.items()}
MAKES = {made: kind for driver in DRIVERS for made, kind in driver.makes.items()}
ATTRIBUTES = {attribute: kind for driver in DRIVERS for attribute, kind in driver.attributes.items()}
every_driver = pytest.mark.parametrize("driver", [pytest.param(driver, id=driver.name) for driver in DRIVERS])
every_pair = pytest.mark.parametrize(("driver", "acquisition"), PAIRS, ids=[driver.name for driver, _ in PAIRS])
every_acquisition = pytest.mark.parametrize(
    "acquisition", [acquisition for _, acquisition in PAIRS], ids=[driver.name for driver, _ in PAIRS]
)


def plain(qualified: str) -> str:
    """Drop the `(QUALIFIED NAME)` that a key of `makes` may end in."""
    return qualified.partition("(")[0]


def used_names() -> set[str]:
    """All the qualified names the drivers speak of, aliases apart."""
    of_acquisitions = {
        name
        for driver in DRIVERS
        for acquisition in driver.acquisitions
        for name in (*acquisition.calls, *acquisition.receivers, *acquisition.functions, acquisition.type)
    }
    borrowing = {name for driver in DRIVERS for name in driver.borrows}
    kinds = {*MAKES.values(), *ATTRIBUTES.values()}
    return {*of_acquisitions, *borrowing, *kinds, *map(plain, MAKES), *ATTRIBUTES} - {""}


def resolve(name: str) -> str:
    """Apply the longest alias that is the name or one of its parents, as the index does."""
    for end in range(len(parts := name.split(".")), 0, -1):
        if target := ALIASES.get(".".join(parts[:end])):
            return ".".join([target, *parts[end:]])
    return name


def test_each_library_has_a_driver() -> None:
    assert sorted(driver.name for driver in DRIVERS) == EXPECTED


def test_each_data_file_is_listed() -> None:
    assert sorted({path.stem for path in FOLDER.glob("*.py")} - NOT_A_LIBRARY) == EXPECTED


def test_each_driver_has_a_fixture() -> None:
    assert sorted(path.stem for path in FIXTURES.glob("*.py") if not path.stem.endswith(".fixed")) == EXPECTED


def test_names_alone_come_last() -> None:
    assert DRIVERS[-1].name == "conventions"


@every_driver
def test_a_driver_says_who_it_is(driver: Driver) -> None:
    assert driver.title
    assert driver.libraries or driver.name == "conventions"


@every_driver
def test_a_driver_survives_being_written_as_configuration(driver: Driver) -> None:
    assert msgspec.convert(msgspec.to_builtins(driver), Driver) == driver
    assert msgspec.json.decode(msgspec.json.encode(driver), type=Driver) == driver


@every_pair
def test_an_acquisition_can_be_recognised(driver: Driver, acquisition: Acquisition) -> None:
    assert acquisition.calls or acquisition.methods
    by_name = acquisition.distinctive or acquisition.telling or driver.name == "conventions"
    assert not acquisition.methods or acquisition.receivers or by_name
    assert all(IDENTIFIER.match(method) or method == "()" for method in (*acquisition.methods, *acquisition.same))
    assert all(QUALIFIED.match(name) for name in (*acquisition.calls, *acquisition.receivers))


@every_acquisition
def test_an_acquisition_can_be_released(acquisition: Acquisition) -> None:
    releases = (*acquisition.releases, *acquisition.pool_releases, *acquisition.functions)
    assert releases
    assert len(releases) == len(set(releases))


@every_acquisition
def test_what_must_be_awaited_is_a_release(acquisition: Acquisition) -> None:
    known = {*acquisition.releases, *acquisition.closes, *acquisition.pool_releases}
    assert set(acquisition.awaited) <= known


@every_acquisition
def test_closing_and_releasing_are_two_things(acquisition: Acquisition) -> None:
    assert not {*acquisition.closes} & {*acquisition.releases}
    assert acquisition.pooled or not acquisition.closes


@every_acquisition
def test_only_a_pool_can_lose_a_slot(acquisition: Acquisition) -> None:
    assert acquisition.pooled or acquisition.dropped != "slot lost"


@every_acquisition
def test_a_coroutine_is_nothing_to_enter(acquisition: Acquisition) -> None:
    assert acquisition.awaiting != "await" or acquisition.entered == "unsupported"
    second = acquisition.awaiting != "no" or "()" in acquisition.same
    assert second or acquisition.entered_awaited == "unsupported"


@every_pair
def test_a_fact_says_where_it_comes_from(driver: Driver, acquisition: Acquisition) -> None:
    assert acquisition.source
    assert (acquisition.evidence == "convention") == (driver.name == "conventions")
    assert acquisition.evidence == "convention" or re.search(r"\d", acquisition.source)
    assert acquisition.type or driver.name == "conventions"


@every_acquisition
def test_a_template_uses_the_words_it_may(acquisition: Acquisition) -> None:
    template = acquisition.template
    assert placeholders(template.item) <= {"acquire", "pool"}
    assert placeholders(template.release) <= {"name", "pool"}
    assert "name" in placeholders(template.release)
    assert all(line.startswith(("import ", "from ")) for line in template.imports)
    assert ("contextlib." in template.item) == ("import contextlib" in template.imports)


@every_acquisition
def test_a_template_releases(acquisition: Acquisition) -> None:
    called = re.sub(r"^await |\(.*$", "", acquisition.template.release)
    owner, _, method = called.rpartition(".")
    if owner == "{name}":
        assert method in acquisition.releases
    elif owner == "{pool}":
        assert method in acquisition.pool_releases
    else:
        assert called in acquisition.functions
    assert acquisition.template.release.startswith("await ") or method not in acquisition.awaited


@every_acquisition
def test_a_block_of_the_template_is_one_that_releases(acquisition: Acquisition) -> None:
    item = acquisition.template.item
    if item == "{acquire}":
        assert acquisition.entered == "releases"
        assert acquisition.template.asynchronous == (acquisition.awaiting != "no" or bool(acquisition.awaited))
    elif item == "await {acquire}":
        assert acquisition.entered_awaited == "releases"
        assert acquisition.template.asynchronous
    elif item.startswith("contextlib.closing"):
        assert "close" in acquisition.releases
        assert not acquisition.template.asynchronous


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@every_acquisition
def test_a_receiver_can_come_from_somewhere(acquisition: Acquisition) -> None:
    types = {one.type for other in DRIVERS for one in other.acquisitions}
    assert set(acquisition.receivers) <= {*types, *MAKES.values(), *ATTRIBUTES.values()}


def test_two_acquisitions_of_one_call_differ_in_what_it_is_given() -> None:
    plainly = Counter(
        call
        for driver in DRIVERS
        for acquisition in driver.acquisitions
        for call in acquisition.calls
        if not acquisition.only_with
    )
    assert [call for call, times in plainly.items() if times > 1] == []


@every_driver
def test_the_special_case_stands_before_the_plain_one(driver: Driver) -> None:
    plainly: set[str] = set()
    for acquisition in driver.acquisitions:
        if acquisition.only_with:
            assert not plainly & {*acquisition.calls}
        else:
            plainly |= {*acquisition.calls}


def test_no_receiver_and_method_are_claimed_twice() -> None:
    claims = Counter(
        (receiver, method)
        for driver in DRIVERS
        for acquisition in driver.acquisitions
        for receiver in acquisition.receivers
        for method in acquisition.methods
    )
    assert [claim for claim, times in claims.items() if times > 1] == []


@pytest.mark.parametrize("words", ["aliases", "makes", "attributes"])
def test_no_name_is_explained_twice(words: str) -> None:
    explained = Counter(name for driver in DRIVERS for name in getattr(driver, words))
    assert [name for name, times in explained.items() if times > 1] == []


def test_an_alias_leads_to_a_name_in_use() -> None:
    used = used_names()
    for alias, target in ALIASES.items():
        assert any(name == target or name.startswith(f"{target}.") for name in used), alias


def test_an_alias_needs_no_second_one() -> None:
    for alias, target in ALIASES.items():
        assert resolve(target) == target, alias


def test_names_in_use_are_not_aliases() -> None:
    for name in used_names():
        assert resolve(name) == name


@pytest.mark.parametrize("key", [key for key in MAKES if "(" in key])
def test_a_makes_key_with_an_argument_is_well_formed(key: str) -> None:
    callee, _, argument = key.removesuffix(")").partition("(")
    assert callee in MAKES
    assert argument in used_names()


@every_driver
def test_an_attribute_belongs_to_a_type_that_exists(driver: Driver) -> None:
    types = {one.type for other in DRIVERS for one in other.acquisitions} | {*MAKES.values()}
    for attribute in driver.attributes:
        assert attribute.rpartition(".")[0] in types, attribute


@pytest.mark.parametrize(
    "call",
    [
        "threading.Lock.acquire",
        "asyncio.Semaphore.acquire",
        "requests.Session",
        "boto3.Session",
        "boto3.session.Session",
        "aiohttp.ClientSession",
        "redis.Redis",
        "sqlalchemy.create_engine",
        "sqlalchemy.orm.sessionmaker",
        "psycopg2.pool.ThreadedConnectionPool",
        "asyncpg.create_pool",
        "smtplib.SMTP",
        "socket.create_connection",
    ],
)
def test_what_is_not_a_connection_is_no_acquisition(call: str) -> None:
    assert not any(resolve(call) in one.calls for driver in DRIVERS for one in driver.acquisitions)


@pytest.mark.parametrize(
    ("method", "receiver"),
    [
        ("begin", "sqlalchemy.engine.Engine"),
        ("begin", "sqlalchemy.orm.sessionmaker"),
        ("begin", "sqlalchemy.ext.asyncio.async_sessionmaker"),
        ("connection", "psycopg_pool.ConnectionPool"),
        ("connection", "psycopg_pool.AsyncConnectionPool"),
        ("connection", "sqlalchemy.orm.Session"),
        ("session", "flask_sqlalchemy.SQLAlchemy"),
        ("()", "sqlalchemy.orm.scoped_session"),
    ],
)
def test_what_is_taken_on_entry_only_is_no_acquisition(method: str, receiver: str) -> None:
    matching = [one for driver in DRIVERS for one in driver.acquisitions if receiver in one.receivers]
    assert not any(method in one.methods for one in matching)


def test_a_template_left_out_is_empty() -> None:
    assert Acquisition().template == Template()
