"""SQLAlchemy on psycopg2, its asynchronous half on asyncpg."""

from functools import cached_property
from pkgutil import resolve_name

from drivers.bench import Bench

ROOM = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}


class Connect(Bench):
    modules = ("sqlalchemy", "psycopg2")
    insert = 'conn.execute(sqlalchemy.text("INSERT INTO numbers VALUES (1)"))'

    @cached_property
    def engine(self):
        return resolve_name("sqlalchemy.create_engine")(self.account.url("postgresql+psycopg2"), **ROOM)

    def room(self, kind):
        return self.engine

    def taken(self):
        return self.engine.pool.checkedout()

    async def stop(self):
        self.engine.dispose()


class RawConnection(Connect):
    insert = Bench.insert


class PoolConnect(RawConnection):
    def room(self, kind):
        return self.engine.pool


class Session(Connect):
    modules = ("sqlalchemy", "sqlalchemy.orm", "psycopg2")

    def room(self, kind):
        return kind(bind=self.engine)

    def arguments(self):
        return {"bind": self.engine}


class Registry(Session):
    def arguments(self):
        return {"session_factory": resolve_name("sqlalchemy.orm.sessionmaker")(bind=self.engine)}


class AsyncConnect(Bench):
    modules = ("sqlalchemy", "sqlalchemy.ext.asyncio", "asyncpg")
    insert = 'await conn.execute(sqlalchemy.text("INSERT INTO numbers VALUES (1)"))'
    commit = "await conn.commit()"
    unstarted = ("start()",)

    @cached_property
    def engine(self):
        create = resolve_name("sqlalchemy.ext.asyncio.create_async_engine")
        return create(self.account.url("postgresql+asyncpg"), **ROOM)

    def room(self, kind):
        return self.engine

    def taken(self):
        return self.engine.pool.checkedout()

    async def stop(self):
        await self.engine.dispose()


class AsyncRawConnection(AsyncConnect):
    insert = 'await conn.driver_connection.execute("INSERT INTO numbers VALUES (1)")'
    commit = ""


class AsyncSession(AsyncConnect):
    way = "sqlalchemy.ext.asyncio.AsyncSession"

    def room(self, kind):
        return kind(bind=self.engine)

    def arguments(self):
        return {"bind": self.engine}


class AsyncRegistry(AsyncSession):
    way = ""

    def arguments(self):
        from asyncio import current_task

        factory = resolve_name("sqlalchemy.orm.sessionmaker")
        session = resolve_name("sqlalchemy.ext.asyncio.AsyncSession")
        return {"session_factory": factory(self.engine, class_=session), "scopefunc": current_task}


BENCHES = (
    AsyncConnect,
    AsyncRawConnection,
    Connect,
    RawConnection,
    PoolConnect,
    AsyncSession,
    Session,
    AsyncRegistry,
    Registry,
)
