"""Read the messages again and again."""

from app import app
from connector import Connector
from driving import drive
from fastapi.testclient import TestClient


def read(numbers):
    with TestClient(app) as client:
        for _ in numbers:
            try:
                assert client.get("/messages").json() == [["hello"], ["anybody there?"]]
            except AttributeError:
                pass  # `db.close()` does not exist: a line in a log that nobody reads


drive(read, in_use=lambda: len(Connector._pool._used))
