"""`python -m echodepth.healthcheck`: whether the web server on this machine answers; for a container's check.

It reads two variables and loads nothing else of the product: it is started anew every half minute.
"""

import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from echodepth.env import read
from echodepth.kinds import split_address

TIMEOUT = 5.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read only


def main() -> int:
    """0 when `/healthz` says 200, else 1 with the reason on stderr."""
    address, port = split_address(read("ECHODEPTH_BIND"))
    host = urlsplit(read("ECHODEPTH_BASE_URL")).netloc or "localhost"
    connection = HTTPConnection(ANYWHERE.get(address, address), port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"no answer: {error}\n")
        return 1
    finally:
        connection.close()
    if status != 200:
        sys.stderr.write(f"the answer is {status}\n")
    return int(status != 200)


if __name__ == "__main__":
    sys.exit(main())
