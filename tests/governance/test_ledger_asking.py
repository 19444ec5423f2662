"""Guilds that witness each other, and witnesses beyond the house: what is asked, kept, and survived."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from governance.ledger import asking, circle, selectors, signing
from governance.ledger.asking import attend_every_log
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.guild_witness import GuildWitness
from governance.ledger.models import Checkpoint, Cosignature, SeenLog
from governance.ledger.note import Cosigner, Note, Signer, TreeHead, Verifier, open_note
from governance.ledger.outside_witness import OutsideWitness
from governance.ledger.tasks import checkpoint as checkpoint_task
from governance.ledger.tree import leaf_hash, root
from governance.ledger.witness_selectors import WitnessState, seen_by_neighbours, witness_states
from governance.ledger.witnessing import Reply, Submission, Witness, format_submission
from guild.tenancy.context import tenant
from guild.tenancy.selectors import every_guild
from guild.tenancy.services import found_guild
from tests.cast import Cast
from tests.governance.ledger_lines import grow
from tests.governance.test_ledger_witnessing import MemoryStore

COSIGNER = Cosigner("witness.example/w", seed=bytes(range(1, 33)))
FOREIGN = Signer("house.example/g/1/log", seed=bytes(range(32)))


@pytest.fixture
def third(cast: Cast) -> UUID:
    """A third guild, so that every guild has two neighbours."""
    return found_guild(name="The Quay", slug="quay").pk


def served(guild: UUID) -> tuple[Checkpoint, bytes]:
    with tenant(guild=guild):
        newest = selectors.latest_checkpoint(guild)
        assert newest is not None
        return newest, selectors.signed_note(newest)


def test_every_log_is_signed_and_cosigned_by_two_neighbours(cast: Cast, third: UUID) -> None:
    guilds = every_guild()
    for number, guild in enumerate(guilds):
        grow(guild, number + 1)
    checkpoint_task()
    for guild in guilds:
        newest, note = served(guild)
        keys = [signing.log_signer(guild).verifier, *circle.witnesses_of(guild)]
        assert len(keys) == 3
        assert {s.name for s in open_note(note, keys).signatures} == {key.name for key in keys}
        with tenant(guild=guild):
            assert newest.size == selectors.size_of(guild)


def test_neighbours_are_the_next_two_and_never_oneself(cast: Cast, third: UUID) -> None:
    first, second, last = every_guild()
    assert [circle.neighbours(guild) for guild in (first, second, last)] == [
        [second, last],
        [last, first],
        [first, second],
    ]


def test_log_that_did_not_grow_is_neither_signed_nor_cosigned_again(cast: Cast) -> None:
    grow(cast.lantern.pk, 2)
    checkpoint_task()
    before = served(cast.lantern.pk)
    checkpoint_task()
    assert served(cast.lantern.pk) == before
    grow(cast.lantern.pk, 1)
    checkpoint_task()
    assert served(cast.lantern.pk)[0].size == before[0].size + 1


def test_states_say_how_far_each_witness_came(cast: Cast, third: UUID) -> None:
    guild = cast.lantern.pk
    names = [signing.witness_name(neighbour) for neighbour in circle.neighbours(guild)]
    grow(guild, 3)
    with tenant(guild=guild):
        size = selectors.size_of(guild)
        assert witness_states(guild) == [WitnessState(name, 0, None, size, True) for name in names]
    checkpoint_task()
    grow(guild, 2)
    with tenant(guild=guild):
        states = witness_states(guild)
        at = list(Cosignature.objects.values_list("cosigned_at", flat=True))
    assert [replace(state, at=None) for state in states] == [
        WitnessState(name, size, None, 2, True) for name in names
    ]
    assert {state.at for state in states} <= set(at)


def test_neighbours_remember_the_log_in_their_own_tenants(cast: Cast) -> None:
    guild, other = cast.lantern.pk, cast.harbour.pk
    grow(guild, 4)
    checkpoint_task()
    with tenant(guild=guild):
        head = selectors.head(guild)
        key = signing.witness_signer(other).verifier
        assert seen_by_neighbours(guild) == {key: TreeHead(signing.origin_of(guild), head.size, head.root)}
        assert set(SeenLog.objects.values_list("origin", flat=True)) == {signing.origin_of(other)}


def fork(guild: UUID, size: int) -> Checkpoint:
    """A second history of the log, signed with its own key: what one operator could show to somebody else."""
    signer = signing.log_signer(guild)
    text = TreeHead(signer.verifier.name, size, root([leaf_hash(b"other")] * size)).text
    note = Note(text, (signer.sign(text),)).raw
    return Checkpoint(guild_id=guild, vkey=signer.verifier.vkey, size=size, root=bytes(32), note=note)


def test_second_history_is_not_cosigned_by_a_neighbour(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 4)
    checkpoint_task()
    with tenant(guild=guild):
        size = selectors.size_of(guild)
    witness = GuildWitness(cast.harbour.pk)
    bodies = [
        format_submission(Submission(size, (), fork(guild, size).note.encode())),
        format_submission(Submission(size, (bytes(32),), fork(guild, size + 2).note.encode())),
        format_submission(Submission(0, (), fork(guild, size + 2).note.encode())),
    ]
    assert [witness.add_checkpoint(body).status for body in bodies] == [409, 422, 409]


def test_log_shorter_than_its_witness_remembers_is_an_error_that_is_logged(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    guild = cast.lantern.pk
    grow(guild, 4)
    longer = fork(guild, 9).note.encode()
    GuildWitness(cast.harbour.pk).add_checkpoint(format_submission(Submission(0, (), longer)))
    attend_every_log([guild])
    assert "has seen 9 leaves of a log that here has" in caplog.text
    with tenant(guild=guild):
        assert Cosignature.objects.count() == 0
        assert Checkpoint.objects.count() == 1


def test_log_that_was_rewritten_keeps_no_other_from_being_signed(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    grow(cast.lantern.pk, 1)
    grow(cast.harbour.pk, 1)
    with tenant(guild=cast.lantern.pk):
        Checkpoint.objects.bulk_create([fork(cast.lantern.pk, 1)])
    attend_every_log([cast.lantern.pk, cast.harbour.pk])
    assert "was not signed: The log of" in caplog.text
    assert served(cast.harbour.pk)[0].size >= 1


# --- witnesses beyond the house ---------------------------------------------------------------


@dataclass
class Outside:
    """A witness of ours behind a real socket; `replies` come first, and `bodies` were received."""

    witness: Witness
    replies: list[Reply] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def answer(self, body: bytes) -> Reply:
        self.bodies.append(body)
        return self.replies.pop(0) if self.replies else self.witness.add_checkpoint(body)


def outside_of(*logs: Verifier, store: MemoryStore | None = None) -> Outside:
    keys = {key.name: key for key in logs}
    return Outside(
        Witness(
            cosigner=COSIGNER, key_of=keys.get, store=store or MemoryStore(), clock=lambda: 1_700_000_000.0
        )
    )


@contextmanager
def listening(outside: Outside) -> Iterator[str]:
    """Its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/w/add-checkpoint"
            reply = outside.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/w/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_outside_witness_is_asked_over_http_and_kept(cast: Cast, settings: Any) -> None:
    guild = cast.lantern.pk
    grow(guild, 3)
    outside = outside_of(signing.log_signer(guild).verifier)
    with listening(outside) as url:
        settings.LEDGER_WITNESSES = f"{COSIGNER.verifier.vkey} {url}"
        for _ in range(2):
            attend_every_log([guild])
        grow(guild, 2)
        attend_every_log([guild])
    newest, note = served(guild)
    keys = [signing.log_signer(guild).verifier, COSIGNER.verifier]
    assert {s.name for s in open_note(note, keys).signatures} == {key.name for key in keys}
    first, second = (body.partition(b"\n")[0] for body in outside.bodies)
    assert (first, second) == (b"old 0", f"old {newest.size - 2}".encode())
    with tenant(guild=guild):
        state = witness_states(guild)[-1]
    assert (state.name, state.size, state.behind, state.is_inside) == (
        "witness.example/w",
        newest.size,
        0,
        False,
    )


def test_outside_witness_that_knows_more_is_asked_once_more(cast: Cast, settings: Any) -> None:
    """As after a lost answer: it had cosigned, and nothing of it was kept here."""
    guild = cast.lantern.pk
    grow(guild, 3)
    store = MemoryStore()
    with tenant(guild=guild):
        checkpoint = checkpoint_now(guild=guild)
    witness = outside_of(signing.log_signer(guild).verifier, store=store)
    witness.answer(format_submission(Submission(0, (), checkpoint.note.encode())))
    grow(guild, 2)
    with listening(witness) as url:
        settings.LEDGER_WITNESSES = f"{COSIGNER.verifier.vkey} {url}"
        attend_every_log([guild])
    assert [body.partition(b"\n")[0] for body in witness.bodies[1:]] == [
        b"old 0",
        f"old {checkpoint.size}".encode(),
    ]
    with tenant(guild=guild):
        assert Cosignature.objects.filter(vkey=COSIGNER.verifier.vkey).count() == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, "out of order\n"),
        Reply(302, "elsewhere\n"),
        Reply(409, "many\n", "text/x.tlog.size"),
        Reply(409, "0\n"),
        Reply(200, "not a signature\n"),
        Reply(200, ""),
        Reply(200, Signer("witness.example/w", seed=bytes(32)).sign("x\n").line),
        Reply(200, COSIGNER.cosign("another text\n", at=1).line),
        Reply(200, "x" * 1_000_000),
    ],
)
def test_what_a_witness_answers_amiss_is_not_kept_and_stops_nothing(
    cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    guild = cast.lantern.pk
    grow(guild, 1)
    outside = outside_of()
    outside.replies = [reply, reply]
    with listening(outside) as url:
        settings.LEDGER_WITNESSES = f"{COSIGNER.verifier.vkey} {url}"
        attend_every_log([guild])
    assert "witness.example/w" in caplog.text
    with tenant(guild=guild):
        assert not Cosignature.objects.filter(vkey=COSIGNER.verifier.vkey).exists()
        assert Cosignature.objects.count() == 1  # the neighbour's


def test_witness_that_was_not_told_of_a_log_is_no_error(
    cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    outside = outside_of(signing.log_signer(cast.lantern.pk).verifier)
    with listening(outside) as url:
        settings.LEDGER_WITNESSES = f"{COSIGNER.verifier.vkey} {url}"
        attend_every_log([cast.lantern.pk, cast.harbour.pk])
    assert [record.levelname for record in caplog.records if record.name.startswith("governance")] == []
    assert len(outside.bodies) == 2


def test_witness_that_does_not_answer_is_asked_once_a_round(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        OutsideWitness, "add_checkpoint", lambda self, body: asked.append(body) or _refuse(self)
    )
    settings.LEDGER_WITNESSES = f"{COSIGNER.verifier.vkey} http://127.0.0.1:9/"
    attend_every_log(every_guild())
    assert len(asked) == 1
    for guild in every_guild():
        with tenant(guild=guild):
            assert Cosignature.objects.count() == 1


def _refuse(witness: OutsideWitness) -> Reply:
    raise asking.WitnessSilent(f"The witness {witness.verifier.name} does not answer.")


def test_witness_behind_a_closed_port_is_silent() -> None:
    with pytest.raises(asking.WitnessSilent, match="does not answer"):
        OutsideWitness(COSIGNER.verifier, "http://127.0.0.1:9").add_checkpoint(b"")


@pytest.mark.parametrize(
    ("witnesses", "sentence"),
    [
        (COSIGNER.verifier.vkey, "pair after pair"),
        ("nonsense http://127.0.0.1", "is none"),
        (f"{FOREIGN.verifier.vkey} http://127.0.0.1", "another kind"),
    ],
)
def test_witnesses_that_are_named_amiss_are_refused(settings: Any, witnesses: str, sentence: str) -> None:
    settings.LEDGER_WITNESSES = witnesses
    with pytest.raises(ImproperlyConfigured, match=sentence):
        circle.outside_witnesses()


# --- a guild as a witness over HTTP -----------------------------------------------------------


def foreign(size: int) -> bytes:
    text = TreeHead(FOREIGN.verifier.name, size, root([leaf_hash(b"x")] * size)).text
    return Note(text, (FOREIGN.sign(text),)).raw.encode()


def test_log_of_another_house_is_cosigned_over_http(cast: Cast, settings: Any) -> None:
    settings.LEDGER_WITNESSED_LOGS = FOREIGN.verifier.vkey
    address = f"/g/{cast.lantern.pk}/witness/add-checkpoint"
    client = Client(enforce_csrf_checks=True)

    def ask(old: int, size: int) -> Any:
        body = format_submission(Submission(old, (), foreign(size)))
        return client.post(address, data=body, content_type="application/octet-stream")

    first, wrong = ask(0, 1), ask(0, 2)
    assert (first.status_code, first["Content-Type"]) == (200, "text/plain; charset=utf-8")
    key = signing.witness_signer(cast.lantern.pk).verifier
    open_note(foreign(1) + first.content, [FOREIGN.verifier, key])
    assert (wrong.status_code, wrong["Content-Type"], wrong.content) == (409, "text/x.tlog.size", b"1\n")
    with tenant(guild=cast.lantern.pk):
        assert list(SeenLog.objects.values_list("origin", "size")) == [(FOREIGN.verifier.name, 1)]
    with tenant(guild=cast.harbour.pk):
        assert SeenLog.objects.count() == 0


def test_log_that_nobody_named_is_not_cosigned(cast: Cast) -> None:
    body = format_submission(Submission(0, (), foreign(1)))
    assert GuildWitness(cast.lantern.pk).add_checkpoint(body).status == 404


def test_guild_does_not_witness_itself_nor_a_guild_that_is_none(cast: Cast) -> None:
    for guild in (cast.lantern.pk, uuid4()):
        body = format_submission(Submission(0, (), fork(guild, 1).note.encode()))
        assert GuildWitness(cast.lantern.pk).add_checkpoint(body).status == 404


def test_two_submissions_at_once_leave_one_history(live_cast: Cast) -> None:
    guild, witness = live_cast.lantern.pk, GuildWitness(live_cast.harbour.pk)
    gate, answers = threading.Barrier(4), dict[int, int]()

    def submit(size: int) -> None:
        body = format_submission(Submission(0, (), fork(guild, size).note.encode()))
        gate.wait()
        answers[size] = witness.add_checkpoint(body).status
        connection.close()

    threads = [threading.Thread(target=submit, args=(size,)) for size in (5, 6, 7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 409, 409, 409]
    (won,) = [size for size, status in answers.items() if status == 200]
    with tenant(guild=live_cast.harbour.pk):
        assert list(SeenLog.objects.values_list("size", flat=True)) == [won]
