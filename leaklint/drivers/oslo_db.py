"""oslo.db: its engine facade hands out SQLAlchemy's session factories and engines; what they make is owed as ever.

`with writer.using(context) as session` and its decorators end what they began, and so are no acquisitions.
"""

from leaklint.drivers.spec import Driver

MANAGER = "oslo_db.sqlalchemy.enginefacade._TransactionContextManager"
LEGACY = "oslo_db.sqlalchemy.enginefacade.LegacyEngineFacade"

OSLO_DB = Driver(
    name="oslo_db",
    title="oslo.db",
    libraries=("oslo_db",),
    makes={
        "oslo_db.sqlalchemy.enginefacade.transaction_context": MANAGER,
        "oslo_db.sqlalchemy.enginefacade.writer.get_sessionmaker": "sqlalchemy.orm.sessionmaker",
        "oslo_db.sqlalchemy.enginefacade.reader.get_sessionmaker": "sqlalchemy.orm.sessionmaker",
        "oslo_db.sqlalchemy.enginefacade.writer.get_engine": "sqlalchemy.engine.Engine",
        "oslo_db.sqlalchemy.enginefacade.reader.get_engine": "sqlalchemy.engine.Engine",
        f"{MANAGER}.get_sessionmaker": "sqlalchemy.orm.sessionmaker",
        f"{MANAGER}.get_engine": "sqlalchemy.engine.Engine",
        LEGACY: LEGACY,
        f"{LEGACY}.get_engine": "sqlalchemy.engine.Engine",
        f"{LEGACY}.get_session": "sqlalchemy.orm.Session",
        "oslo_db.sqlalchemy.engines.create_engine": "sqlalchemy.engine.Engine",
        "oslo_db.sqlalchemy.orm.get_maker": "sqlalchemy.orm.sessionmaker",
    },
    attributes={f"{MANAGER}.writer": MANAGER, f"{MANAGER}.reader": MANAGER},
    aliases={"oslo_db.sqlalchemy.session.EngineFacade": LEGACY},
)
