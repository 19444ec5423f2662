"""`python -m guild.embedded.probe URL`: exits 0 when URL answers 200. The containers' health check.

It asks in the public name of the house, which is the only one that production answers to.
"""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def probe(url: str) -> int:
    """0 when the address answers 200, else 1, with the reason on standard error."""
    host = urlsplit(os.environ.get("PUBLIC_URL", "")).netloc or urlsplit(url).netloc
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 the caller's own http://
    try:
        with urllib.request.urlopen(request, timeout=4):  # noqa: S310 same
            return 0
    except OSError as error:
        print(f"{url} is not well: {error}", file=sys.stderr)  # noqa: T201 what docker inspect shows
        return 1


if __name__ == "__main__":
    sys.exit(probe(sys.argv[1]))
