"""Data frames: pandas, polars and geopandas read and write through a connection given to them, and owe nothing."""

from leaklint.drivers.spec import Driver

DATAFRAMES = Driver(
    name="dataframes",
    title="pandas, polars, geopandas",
    libraries=("pandas", "polars", "geopandas", "modin"),
    aliases={
        "modin.pandas": "pandas",
        "pandas.io.sql.read_sql": "pandas.read_sql",
        "pandas.io.sql.read_sql_query": "pandas.read_sql_query",
        "pandas.io.sql.read_sql_table": "pandas.read_sql_table",
    },
    borrows=(
        "geopandas.GeoDataFrame.from_postgis",
        "geopandas.GeoDataFrame.to_postgis",
        "geopandas.read_postgis",
        "pandas.DataFrame.to_sql",
        "pandas.Series.to_sql",
        "pandas.io.sql.get_schema",
        "pandas.io.sql.has_table",
        "pandas.io.sql.to_sql",
        "pandas.read_sql",
        "pandas.read_sql_query",
        "pandas.read_sql_table",
        "polars.DataFrame.write_database",
        "polars.read_database",
    ),
)
