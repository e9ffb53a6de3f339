"""SQLModel: its sessions are SQLAlchemy's, under other names."""

from leaklint.drivers.spec import Driver

SQLMODEL = Driver(
    name="sqlmodel",
    title="SQLModel",
    libraries=("sqlmodel",),
    aliases={
        "sqlmodel.Session": "sqlalchemy.orm.Session",
        "sqlmodel.create_engine": "sqlalchemy.create_engine",
        "sqlmodel.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlmodel.inspect": "sqlalchemy.inspect",
        "sqlmodel.orm.session.Session": "sqlalchemy.orm.Session",
        "sqlmodel.text": "sqlalchemy.text",
    },
)
