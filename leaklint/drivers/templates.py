"""The blocks that always release, as most drivers write them."""

from leaklint.drivers.spec import Template

WITH = Template(item="{acquire}", release="{name}.close()")
CLOSING = Template(item="contextlib.closing({acquire})", imports=("import contextlib",), release="{name}.close()")
ASYNC_WITH = Template(item="{acquire}", asynchronous=True, release="await {name}.close()")
AWAIT_CLOSE = Template(asynchronous=True, release="await {name}.close()")
ASYNC_WITH_AWAIT = Template(item="await {acquire}", asynchronous=True, release="await {name}.close()")
