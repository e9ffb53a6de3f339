"""JayDeBeApi with PostgreSQL's JDBC driver, which commits each statement unless told otherwise."""

from pathlib import Path

from drivers.bench import Bench

JAR = "/usr/share/java/postgresql.jar"


class Connect(Bench):
    modules = ("jaydebeapi",)
    commit = ""

    @classmethod
    def missing(cls):
        install = "apt-get install -y default-jre-headless libpostgresql-jdbc-java"
        return "" if Path(JAR).exists() else f"PostgreSQL's JDBC driver is not installed: {install}"

    def arguments(self):
        account = self.account
        url = f"jdbc:postgresql://{account.host}:{account.port}/{account.database}"
        login = [account.user, account.password]
        return {"jclassname": "org.postgresql.Driver", "url": url, "driver_args": login, "jars": JAR}


BENCHES = (Connect,)
