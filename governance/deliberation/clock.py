"""The time by which votes open and end: that of the database, which all servers share."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The moment at which the statement runs, not that at which its transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment
