"""Lines of the log: what went wrong and where, and never what people wrote."""

import logging
import re

LEFT_OUT = "DETAIL:  (left out: it may hold what people wrote)\n"

# What Postgres adds to an error quotes the values of rows, e-mail addresses among them. It follows the
# message on lines of its own, or after an escaped line end where somebody logs the error's repr.
_DETAIL = re.compile(
    r"(?:^|\\n)(?:DETAIL|CONTEXT): .*?(?=^(?:Traceback|The above exception was|During handling of)|\Z)",
    re.MULTILINE | re.DOTALL,
)


class WordlessLines(logging.Formatter):
    """Formats as its base does, without the details of database errors."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(LEFT_OUT, super().format(record))
