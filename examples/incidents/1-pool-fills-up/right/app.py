"""A chat over HTTP."""

import os

from connector import Connector
from fastapi import Depends, FastAPI

app = FastAPI()
Connector.initialize(os.environ["DATABASE_URL"])


def get_db():
    with Connector.connected() as db:
        yield db


@app.get("/messages")
def messages(db: Connector = Depends(get_db)):
    return db.fetch("SELECT text FROM messages")
