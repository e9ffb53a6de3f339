"""A chat over HTTP, whose every page is empty half an hour after the start."""

import os

from connector import Connector
from fastapi import Depends, FastAPI

app = FastAPI()
Connector.initialize(os.environ["DATABASE_URL"])


def get_db():
    db = Connector()
    db.connect()
    try:
        yield db
    finally:
        db.close()


@app.get("/messages")
def messages(db: Connector = Depends(get_db)):
    return db.fetch("SELECT text FROM messages")
