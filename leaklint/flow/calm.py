"""Which calls, in practice, do not fail, do not return, keep what they are given, or only look at it. Data."""

from __future__ import annotations

import re

LOG_METHODS = frozenset(
    """
    debug info warning warn error exception critical fatal log success trace notice msg
    """.split()
)
LOGGER = re.compile(r"(^|[._])(log(ger|ging)?|LOG(GER)?|getLogger|get_logger)$")

FUNCTIONS = frozenset(
    """
    print len isinstance issubclass hasattr setattr id repr str format bool type callable super object range zip
    enumerate vars locals globals frozenset reversed slice property staticmethod classmethod dict list set tuple
    bytearray ascii typing.cast cast time.time time.monotonic time.perf_counter time.process_time time.time_ns
    time.perf_counter_ns time.sleep datetime.datetime.now datetime.datetime.utcnow datetime.now datetime.utcnow
    datetime.date.today date.today datetime.today datetime.datetime.today datetime.timedelta timedelta warnings.warn
    warnings.simplefilter warnings.filterwarnings uuid.uuid4 uuid.uuid1 contextlib.closing contextlib.aclosing
    contextlib.nullcontext contextlib.suppress contextlib.ExitStack contextlib.AsyncExitStack functools.partial
    functools.wraps functools.lru_cache functools.cache threading.Lock threading.RLock threading.Event
    threading.local threading.get_ident threading.current_thread asyncio.Lock asyncio.Event asyncio.Semaphore
    asyncio.Queue asyncio.get_event_loop collections.deque collections.defaultdict collections.OrderedDict
    collections.Counter os.path.join os.path.basename os.path.dirname os.path.exists os.path.isfile os.path.isdir
    os.path.abspath os.path.expanduser os.path.splitext os.getpid os.getenv os.environ.get pathlib.Path
    pathlib.PurePath sys.exc_info traceback.format_exc traceback.print_exc random.random random.randint
    logging.getLogger logging.basicConfig click.echo typer.echo click.secho sqlalchemy.create_engine sqlalchemy.text
    sqlalchemy.select sqlalchemy.orm.sessionmaker sqlalchemy.orm.scoped_session sqlalchemy.sql.text
    sqlalchemy.ext.asyncio.create_async_engine sqlalchemy.ext.asyncio.async_sessionmaker sqlmodel.select
    sqlalchemy.future.select sqlalchemy.func sqlalchemy.insert sqlalchemy.update sqlalchemy.delete sqlalchemy.and_
    sqlalchemy.or_ sqlalchemy.MetaData sqlalchemy.schema.MetaData dataclasses.field dataclasses.replace
    """.split()
)
"""Qualified names (or builtins) of calls that do not raise in practice."""

EVERYWHERE = frozenset(
    """
    append extend appendleft items keys values setdefault discard strip lstrip rstrip lower upper title startswith
    endswith format join splitlines isdigit isalpha casefold capitalize swapcase zfill ljust rjust close aclose
    is_set is_alive total_seconds isoformat timestamp add_all add add_argument getLogger hexdigest
    """.split()
)
"""Method names that do not raise in practice, whatever they are called on."""

ON_VALUES = frozenset(
    """
    get update copy clear insert split replace count pop
    """.split()
)
"""Method names that do not raise on a str, list, dict or set; on something unknown they may."""

PURE_NAMES = re.compile(r"(Error|Exception|Warning|Exit|Interrupt)$")

KEEPERS = frozenset(
    """
    register addCleanup addClassCleanup addModuleCleanup addAsyncCleanup addfinalizer finalize submit create_task
    ensure_future run_coroutine_threadsafe add_done_callback call_soon call_soon_threadsafe with_resource
    call_on_close call_later add_event_handler on_event teardown_appcontext enterContext enterAsyncContext
    enterClassContext
    """.split()
)
"""Names of functions and methods that keep what they are given, and will release it."""
KEEPING_CLASSES = frozenset({"threading.Thread", "Thread", "threading.Timer", "multiprocessing.Process"})

BORROWERS = frozenset(
    """
    print len isinstance issubclass hasattr getattr setattr id repr str bool type callable format vars hash
    contextvars.ContextVar.set copy.copy
    """.split()
)
BORROWING_KEYWORDS = frozenset(
    """
    conn connection con bind db session db_session dbapi_connection
    """.split()
)

KEEPING_NAME = re.compile(
    r"^_?set_(\w+_)?(session|connection|conn|db|database|local|locals|global|current|context|cache)$"
)
"""Names by which a function out of sight tells that it keeps what it is given: `set_thread_local(name, session)`."""

RELEASING_NAME = re.compile(
    r"(^|_)(close|closes?_?\w*|release\w*|return(_\w+)?|give_?back\w*|put(_?back|_?conn\w*)?|dispose\w*|free\w*|"
    r"clean_?up\w*|shut_?down\w*|terminate\w*|disconnect\w*|check_?in\w*|tear_?down\w*|recycle\w*|kill\w*|finish\w*)(?<!ed)$"
    r"|^(close|release|dispose|return|put)[A-Z]\w*(?<!ed)$",
)
"""Names by which a callee whose body is out of sight tells that it releases what it is given; `closed` only asks."""

NOTING = frozenset(
    """
    add add_all expunge expunge_all expire expire_all close aclose
    """.split()
)
"""Methods of sessions and connections that only take note of something, and end nothing that could fail."""

QUIET_CLEANUP = frozenset(
    """
    rollback close cancel commit abort reset expunge expunge_all expire_all terminate disconnect invalidate
    """.split()
)
"""Methods that clean up: while another exception is under way they are taken to raise no second one."""

LOCK = re.compile(r"(^|[._])\w*(lock|mutex|semaphore|sem|guard|cond(ition)?)\w*$", re.IGNORECASE)


def is_logging(path: str) -> bool:
    """Whether a dotted path is a method of a logger: `self.logger.warning`."""
    receiver, _, method = path.rpartition(".")
    return method in LOG_METHODS and bool(LOGGER.search(receiver))
