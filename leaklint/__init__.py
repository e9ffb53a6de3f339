"""leaklint finds database connections and sessions that are acquired and, on some path, never released."""

__version__ = "0.1.0"
