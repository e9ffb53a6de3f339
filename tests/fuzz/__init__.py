"""Hostile input: no traceback, no hang, no memory without bound."""
