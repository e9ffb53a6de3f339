"""The engine and the table of orders."""

import os

from sqlmodel import Field, SQLModel, create_engine

URL = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg2:")
LIMIT = 10_000

engine = create_engine(URL, pool_size=5, max_overflow=0, pool_timeout=1)


class Order(SQLModel, table=True):
    __tablename__ = "orders"

    id: int | None = Field(default=None, primary_key=True)
    total: int = 0
