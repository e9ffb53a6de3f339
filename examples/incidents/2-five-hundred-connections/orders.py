"""Reports on orders, on Friday night."""

from pool import pool


def orders_of(customer):
    conn = pool.get_connection()
    cursor = conn.cursor()
    cursor.execute("SELECT number FROM orders WHERE customer = %s", (customer,))
    return cursor.fetchall()
