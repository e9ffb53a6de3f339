"""asyncmy: what is dropped stays open until the process ends, and a pool slot comes back through `release()` alone."""

from leaklint.drivers.spec import Acquisition, Driver, Template

ASYNCMY = Driver(
    name="asyncmy",
    title="asyncmy",
    libraries=("asyncmy",),
    acquisitions=(
        Acquisition(
            calls=("asyncmy.connect",),
            type="asyncmy.Connection",
            awaiting="await or with",
            releases=("close", "ensure_closed"),
            awaited=("ensure_closed",),
            entered="releases",
            entered_awaited="releases",
            dropped="never closed",
            template=Template(item="{acquire}", asynchronous=True, release="{name}.close()"),
            evidence="ran",
            source="asyncmy 0.2.18 on MariaDB 10.11",
        ),
        Acquisition(
            methods=("acquire",),
            receivers=("asyncmy.Pool",),
            telling=("pool",),
            noun="pooled connection",
            type="asyncmy.Connection",
            awaiting="await or with",
            releases=(),
            closes=("close", "ensure_closed"),
            pool_releases=("release",),
            awaited=("ensure_closed",),
            double_release="raises",
            entered="releases",
            # Entering the connection itself runs, and at the end closes it without its pool being told.
            entered_awaited="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(item="{acquire}", asynchronous=True, release="{pool}.release({name})"),
            evidence="ran",
            source="asyncmy 0.2.18 on MariaDB 10.11",
        ),
    ),
    makes={"asyncmy.create_pool": "asyncmy.Pool", "asyncmy.Pool": "asyncmy.Pool"},
    aliases={
        "asyncmy.connection.Connection": "asyncmy.Connection",
        "asyncmy.connection.connect": "asyncmy.connect",
        "asyncmy.pool.Pool": "asyncmy.Pool",
        "asyncmy.pool.create_pool": "asyncmy.create_pool",
    },
)
