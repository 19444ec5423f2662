"""What witnesses of other operators answer to an audit, and what of it is a finding."""

from collections.abc import Callable
from typing import Any

import pytest

from governance.audits.checks import checkpoints
from governance.ledger import signing
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.errors import WitnessSilent
from governance.ledger.models import Checkpoint
from governance.ledger.note import Verifier
from governance.ledger.witnessing import SIZE, Reply, parse_submission
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.ledger_lines import grow

Answer = Callable[[int], Reply]
LEAVES = 5


class Witness:
    """Answers as it is told, by the old size that it is asked about."""

    answer: Answer

    def __init__(self, verifier: Verifier, url: str) -> None:
        self.verifier, self.asked = verifier, url

    def add_checkpoint(self, body: bytes) -> Reply:
        return Witness.answer(parse_submission(body).old_size)


@pytest.fixture
def newest(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    grow(cast.lantern.pk, LEAVES)
    with tenant(guild=cast.lantern.pk):
        checkpoint = checkpoint_now(guild=cast.lantern.pk)
    vkey = signing.witness_signer(cast.harbour.pk).verifier.vkey
    settings.LEDGER_WITNESSES = f"{vkey} https://witness.example"
    monkeypatch.setattr(checkpoints, "OutsideWitness", Witness)
    return checkpoint


def conflict(size: int) -> Reply:
    return Reply(409, f"{size}\n", SIZE)


def silent(old_size: int) -> Reply:
    raise WitnessSilent("It does not answer.")


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (lambda old: Reply(200, "a line\n"), []),
        (lambda old: conflict(LEAVES + 3), ["8 leaves"]),
        (lambda old: conflict(LEAVES), ["5 leaves with another root"]),
        (lambda old: conflict(2) if old == LEAVES else Reply(422, "no\n"), ["2 other leaves"]),
        (lambda old: conflict(2) if old == LEAVES else Reply(200, "a line\n"), []),
        (lambda old: Reply(404, "unknown\n"), []),
        (silent, []),
    ],
)
def test_what_a_witness_saw_otherwise_is_found(newest: Checkpoint, answer: Answer, seen: list[str]) -> None:
    Witness.answer = staticmethod(answer)
    with tenant(guild=newest.guild_id):
        found = list(checkpoints._seen_outside(newest))
    assert [(one.rule, one.leaf_index, one.expected) for one in found] == [
        ("witness.other", LEAVES - 1, told) for told in seen
    ]
