"""psycopg 3: `with` on a connection of one's own closes it, and commits first, which a plain `close()` never does."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import AWAIT_CLOSE, CLOSING

PSYCOPG = Driver(
    name="psycopg",
    title="psycopg 3",
    libraries=("psycopg",),
    acquisitions=(
        Acquisition(
            calls=("psycopg.connect", "psycopg.Connection.connect"),
            type="psycopg.Connection",
            releases=("close",),
            entered="releases",
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source="psycopg 3.3.9 on PostgreSQL 15",
        ),
        Acquisition(
            calls=("psycopg.AsyncConnection.connect",),
            type="psycopg.AsyncConnection",
            awaiting="await",
            releases=("close",),
            awaited=("close",),
            entered="unsupported",
            entered_awaited="releases",
            dropped="at once",
            template=AWAIT_CLOSE,
            evidence="ran",
            source="psycopg 3.3.9 on PostgreSQL 15",
        ),
    ),
    aliases={
        "psycopg.connection.Connection": "psycopg.Connection",
        "psycopg.connection_async.AsyncConnection": "psycopg.AsyncConnection",
    },
    borrows=(
        "pgvector.psycopg.register_vector",
        "pgvector.psycopg.register_vector_async",
        "psycopg.AsyncClientCursor",
        "psycopg.AsyncCursor",
        "psycopg.AsyncRawCursor",
        "psycopg.AsyncServerCursor",
        "psycopg.ClientCursor",
        "psycopg.Cursor",
        "psycopg.RawCursor",
        "psycopg.ServerCursor",
        "psycopg.sql.Composed.as_string",
        "psycopg.sql.SQL.as_string",
        "psycopg.types.TypeInfo.fetch",
        "psycopg.types.composite.CompositeInfo.fetch",
        "psycopg.types.composite.register_composite",
        "psycopg.types.enum.EnumInfo.fetch",
        "psycopg.types.enum.register_enum",
        "psycopg.types.hstore.register_hstore",
        "psycopg.types.json.set_json_dumps",
        "psycopg.types.json.set_json_loads",
        "psycopg.types.shapely.register_shapely",
    ),
)
