"""The checks of governance itself, in the order in which an audit makes them."""

from governance.audits.checks import (
    checkpoints,
    consents,
    database,
    deliberation,
    keys,
    log,
    members,
    offices,
    own,
    references,
    results,
    subjects,
    suspensions,
)
from governance.audits.registry import register, register_beside

__all__ = ["register_checks"]


def register_checks() -> None:
    """Called once, when the process starts."""
    register(log.CHECK)
    for rows in consents.BESIDE:
        register_beside(rows)
    for check in (
        checkpoints.CHECK,
        database.CHECK,
        members.CHECK,
        references.CHECK,
        subjects.CHECK,
        keys.CHECK,
        results.CHECK,
        own.CHECK,
        suspensions.CHECK,
        offices.CHECK,
        deliberation.CHECK,
    ):
        register(check)
