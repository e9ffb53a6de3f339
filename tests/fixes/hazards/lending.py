# ruff: noqa
"""The connection is given to somebody who may use it behind its last mention."""

from alembic import context
from shop import load
from sqlalchemy import create_engine

engine = create_engine("postgresql:///shop")


def configured(metadata):
    # unsafe: may still need the connection
    connection = engine.connect()
    context.configure(connection=connection, target_metadata=metadata)

    with context.begin_transaction():
        context.run_migrations()


def configured_by_an_expression(metadata):
    # unsafe: may still need the connection
    context.configure(connection=engine.connect(), target_metadata=metadata)
    context.run_migrations()


def borrowed(tell):
    # safe: the body of the helper is seen, and keeps nothing
    connection = engine.connect()
    number = count(connection)
    tell(number)


def count(connection):
    return connection.execute("SELECT 1").scalar()


def another_is_released(left, right):
    # unsafe: may still need the connection
    first = engine.connect()
    second = engine.connect()
    load(first)
    shut(second)


def shut(connection):
    connection.close()
