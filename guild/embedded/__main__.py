"""`python -m guild.embedded up | demo | migrate`: what the Makefile and the containers call."""

import errno
import os
import sys

from guild.embedded.environment import read_wishes
from guild.embedded.errors import CannotStart

FULL = (
    "There is no room left on the disk that holds {}: make room, or give another folder with VAR_DIR=/path."
)
CLOSED = "{} cannot be written by this user: give another folder with VAR_DIR=/path."
SENTENCES = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EACCES: CLOSED, errno.EROFS: CLOSED}
USAGE = "Usage: python -m guild.embedded up | demo | migrate"


def main(arguments: list[str]) -> int:
    """Run one command; its exit code. What keeps it from starting is one sentence on standard error."""
    try:
        return _run(arguments)
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201 the person at the terminal is who this is for
        return 1
    except OSError as error:
        if error.errno not in SENTENCES:
            raise
        print(SENTENCES[error.errno].format(error.filename or "VAR_DIR"), file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    match arguments:
        case ["up"]:
            from guild.embedded.house import open_house

            return open_house(read_wishes(os.environ))
        case ["demo"]:
            from guild.embedded.demonstration import play

            return play(read_wishes(os.environ))
        case ["migrate"]:
            from guild.embedded.deployment import migrate

            return migrate(os.environ)
        case _:
            print(USAGE, file=sys.stderr)  # noqa: T201
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
