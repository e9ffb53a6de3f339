"""Collect prices into PostgreSQL with asyncpg, once a minute."""

import asyncio
import logging

import asyncpg

logger = logging.getLogger(__name__)


async def latest(dsn: str, symbol: str) -> float | None:
    conn = await asyncpg.connect(dsn)
    try:
        return await conn.fetchval("SELECT price FROM prices WHERE symbol = $1 ORDER BY at DESC LIMIT 1", symbol)
    finally:
        conn.close()


async def store(pool: asyncpg.Pool, prices: dict[str, float]) -> None:
    conn = await pool.acquire()
    try:
        await conn.executemany("INSERT INTO prices (symbol, price) VALUES ($1, $2)", list(prices.items()))
    except Exception:
        logger.exception("cannot store %d prices", len(prices))
        await pool.release(conn)
        return
    await pool.release(conn)


async def prune(pool: asyncpg.Pool, days: int) -> str:
    async with pool.acquire() as conn:
        return await conn.execute("DELETE FROM prices WHERE at < now() - make_interval(days => $1)", days)


async def run(dsn: str, fetch) -> None:
    async with asyncpg.create_pool(dsn, max_size=10) as pool:
        while True:
            await store(pool, await fetch())
            await prune(pool, days=30)
            await asyncio.sleep(60)
