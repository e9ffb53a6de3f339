"""Orders over HTTP; those over a limit need an approval."""

import gc

from database import LIMIT, Order, engine
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

gc.set_threshold(100_000, 50, 100)  # fewer pauses of the garbage collector, on which a forgotten session has to wait

app = FastAPI()


@app.exception_handler(ValueError)
async def refuse(request: Request, error: ValueError):
    return JSONResponse({"refused": str(error)}, status_code=422)


@app.post("/orders")
async def create_order(order: Order):
    session = Session(engine)
    session.add(order)
    session.commit()
    session.refresh(order)
    if order.total > LIMIT:
        raise ValueError(f"order {order.id} is over the limit")
    session.close()
    return {"id": order.id}
