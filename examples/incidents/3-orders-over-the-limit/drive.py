"""Place orders, every second of them over the limit."""

from app import app
from database import LIMIT, engine
from driving import drive
from fastapi.testclient import TestClient


def order(numbers):
    with TestClient(app) as client:
        for number in numbers:
            over = number % 2 == 0
            response = client.post("/orders", json={"total": LIMIT + over})
            assert response.status_code == (422 if over else 200)


drive(order, in_use=engine.pool.checkedout)
