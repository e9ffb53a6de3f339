# ruff: noqa
"""The connection is given to somebody who may use it behind its last mention."""

from alembic import context
from shop import load
from sqlalchemy import create_engine

engine = create_engine("postgresql:///shop")


def configured(metadata):
    # unsafe: may still need the connection
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)

        with context.begin_transaction():
            context.run_migrations()


def configured_by_an_expression(metadata):
    # unsafe: may still need the connection
    with engine.connect() as conn:
        context.configure(connection=conn, target_metadata=metadata)
        context.run_migrations()


def borrowed(tell):
    # safe: the body of the helper is seen, and keeps nothing
    with engine.connect() as connection:
        number = count(connection)
        tell(number)


def count(connection):
    return connection.execute("SELECT 1").scalar()


def another_is_released(left, right):
    # unsafe: may still need the connection
    with engine.connect() as first:
        second = engine.connect()
        try:
            load(first)
        finally:
            shut(second)


def shut(connection):
    connection.close()
