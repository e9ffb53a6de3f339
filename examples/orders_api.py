"""Orders over HTTP: FastAPI and SQLAlchemy sessions on a pool of twenty."""

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

LIMIT = 10_000

app = FastAPI()
engine = create_engine("postgresql+psycopg2:///orders", pool_size=20, max_overflow=0)
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    total: Mapped[int]


def get_session():
    session = SessionLocal()
    yield session
    session.close()


@app.post("/orders")
async def create_order(customer: str, total: int):
    session = Session(engine)
    order = Order(customer=customer, total=total)
    session.add(order)
    session.commit()
    if total > LIMIT:
        raise ValueError(f"an order over {LIMIT} needs an approval")
    session.close()
    return {"id": order.id}


@app.get("/orders/{number}")
def read_order(number: int, session: Session = Depends(get_session)):
    order = session.get(Order, number)
    if order is None:
        raise HTTPException(status_code=404)
    return {"customer": order.customer, "total": order.total}


@app.get("/customers/{customer}/orders")
def customer_orders(customer: str):
    return SessionLocal().scalars(select(Order.id).where(Order.customer == customer)).all()


@app.get("/health")
def health():
    with engine.connect() as conn:
        return {"healthy": conn.execute(text("SELECT 1")).scalar() == 1}
