"""Whether the leaves that an exported vote brings are in the log, and say what the vote says. No database."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from governance.deliberation.documents import canonical, digest
from governance.ledger.enums import LeafKind
from governance.ledger.errors import LedgerError
from governance.ledger.note import Verifier
from governance.ledger.proof_files import parse_proof, verify_proof

Leaves = Mapping[int, Mapping[str, Any]]


def problems_in_log(exported: Mapping[str, Any], *, vkey: str | None = None) -> tuple[str, ...]:
    """A sentence for everything that does not agree. `vkey` is the log's key, where it is known otherwise."""
    try:
        leaves, problems = _proven(exported["log"], vkey=vkey)
        problems += [*_ballots(exported["vote"], leaves), *_count(exported, leaves)]
    except (KeyError, TypeError, ValueError, AttributeError, LedgerError) as error:
        return (f"The proofs of the log cannot be read: {type(error).__name__}: {error}",)
    return tuple(problems)


def _proven(log: Mapping[str, Any], *, vkey: str | None) -> tuple[Leaves, list[str]]:
    """The leaves whose proof holds, by index, and what is wrong with others."""
    verifier = Verifier.from_vkey(vkey or log["vkey"])
    leaves: dict[int, Mapping[str, Any]] = {}
    problems = []
    for one in log["leaves"]:
        entry, proof = b64decode(one["entry"]), b64decode(one["proof"])
        try:
            verify_proof(proof, entry=entry, verifiers=[verifier])
        except LedgerError as error:
            problems.append(f"Leaf {one['index']} is not shown to be in the log: {error}")
            continue
        leaves[parse_proof(proof).index] = json.loads(entry)
    return leaves, problems


def _ballots(vote: Mapping[str, Any], leaves: Leaves) -> Iterator[str]:
    for one in vote["ballots"]:
        leaf = leaves.get(one["leaf"])
        if leaf is None:
            yield f"The leaf of ballot {one['ballot']} is not among the proofs."
        elif (
            leaf["kind"] != LeafKind.BALLOT_CAST.value
            or leaf["subjects"] != [vote["proposal"], one["ballot"]]
            or leaf["detail"]["commitment"] != one["commitment"]
        ):
            yield f"The leaf of ballot {one['ballot']} says something else."


def _count(exported: Mapping[str, Any], leaves: Leaves) -> Iterator[str]:
    """The leaf of the count holds the digest of exactly this document."""
    vote = exported["vote"]
    leaf = leaves.get(exported["closed_leaf"])
    if leaf is None or leaf["kind"] != LeafKind.PROPOSAL_CLOSED.value:
        yield "The leaf of the count is not among the proofs."
    elif leaf["subjects"] != [vote["proposal"]] or leaf["detail"]["digest"] != digest(canonical(vote)):
        yield "The log holds the count of another document than this one."
    elif leaf["detail"]["result"] != vote["outcome"]["result"]:
        yield "The log says that it came to something else."
