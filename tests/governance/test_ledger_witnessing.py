"""The witness's protocol, state by state; and that of two histories at most one is cosigned."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from governance.ledger.errors import NoteMalformed
from governance.ledger.note import Cosigner, Note, Signer, TreeHead, open_note, parse_signature
from governance.ledger.tree import consistency_proof, leaf_hash, root
from governance.ledger.witness_store import SqliteStore
from governance.ledger.witnessing import (
    MOST_HASHES,
    PLAIN,
    SIZE,
    Reply,
    Store,
    Submission,
    Witness,
    format_submission,
    parse_submission,
)

LOG = Signer("house.example/g/1/log", seed=bytes(range(32)))
OTHER = Signer("other.example/log", seed=bytes(32))
WITNESS = Cosigner("witness.example/w", seed=bytes(range(1, 33)))
LEAVES = [leaf_hash(bytes([i])) for i in range(20)]
FORK = [*LEAVES[:4], *(leaf_hash(b"other" + bytes([i])) for i in range(16))]
AT = 1_700_000_000


@dataclass
class MemoryStore:
    heads: dict[str, TreeHead] = field(default_factory=dict)

    def latest(self, origin: str) -> TreeHead | None:
        return self.heads.get(origin)

    def advance(self, *, old: TreeHead | None, new: TreeHead, note: str) -> bool:
        if self.heads.get(new.origin) != old:
            return False
        self.heads[new.origin] = new
        return True


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path)


def witness_of(store: Store) -> Witness:
    keys = {LOG.verifier.name: LOG.verifier}
    return Witness(cosigner=WITNESS, key_of=keys.get, store=store, clock=lambda: AT + 0.9)


def checkpoint(size: int, *, leaves: list[bytes] = LEAVES, signer: Signer = LOG, origin: str = "") -> bytes:
    text = TreeHead(origin or signer.verifier.name, size, root(leaves[:size])).text
    return Note(text, (signer.sign(text),)).raw.encode()


def body(old: int, size: int, *, leaves: list[bytes] = LEAVES) -> bytes:
    proof = consistency_proof(leaves[:size], old) if 0 < old < size else ()
    return format_submission(Submission(old, tuple(proof), checkpoint(size, leaves=leaves)))


def accepted(size: int, *, leaves: list[bytes] = LEAVES) -> Reply:
    text = TreeHead(LOG.verifier.name, size, root(leaves[:size])).text
    return Reply(200, WITNESS.cosign(text, at=AT).line, PLAIN)


def conflict(size: int) -> Reply:
    return Reply(409, f"{size}\n", SIZE)


def test_first_checkpoint_needs_no_proof_and_later_ones_continue_it(store: Store) -> None:
    witness = witness_of(store)
    answers = [witness.add_checkpoint(body(old, size)) for old, size in ((0, 3), (3, 4), (4, 4), (4, 20))]
    assert answers == [accepted(3), accepted(4), accepted(4), accepted(20)]
    assert store.latest(LOG.verifier.name) == TreeHead(LOG.verifier.name, 20, root(LEAVES))


def test_empty_log_is_cosigned_and_grows(store: Store) -> None:
    witness = witness_of(store)
    answers = [witness.add_checkpoint(body(old, size)) for old, size in ((0, 0), (0, 0), (0, 7), (0, 8))]
    assert answers == [accepted(0), accepted(0), accepted(7), conflict(7)]


def test_answer_is_a_cosignature_of_the_note(store: Store) -> None:
    reply = witness_of(store).add_checkpoint(body(0, 5))
    whole = checkpoint(5) + reply.body.encode()
    opened = open_note(whole, [LOG.verifier, WITNESS.verifier])
    assert opened.signatures[1] == parse_signature(reply.body.rstrip("\n"))


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"old 0\n" + checkpoint(3),
        b"old 00\n\n" + checkpoint(3),
        b"old -1\n\n" + checkpoint(3),
        b"new 0\n\n" + checkpoint(3),
        b"old 0\nnot base64\n\n" + checkpoint(3),
        b"old 0\n\n" + checkpoint(3)[:-1],
        b"old 0\n\nno checkpoint\n",
        b"old 4\n\n" + checkpoint(3),
        b"old 1\n" + (b"A" * 43 + b"=\n") * (MOST_HASHES + 1) + b"\n" + checkpoint(3),
        b"old 0\n\n" + checkpoint(3) + b"x" * 100_000,
    ],
)
def test_request_that_is_none_is_a_bad_request(store: Store, wrong: bytes) -> None:
    assert witness_of(store).add_checkpoint(wrong).status == 400
    assert store.latest(LOG.verifier.name) is None


def test_log_that_it_does_not_know_is_not_found(store: Store) -> None:
    asked = format_submission(Submission(0, (), checkpoint(3, signer=OTHER)))
    assert witness_of(store).add_checkpoint(asked).status == 404


def test_checkpoint_that_the_log_did_not_sign_is_forbidden(store: Store) -> None:
    by_other = format_submission(Submission(0, (), checkpoint(3, signer=OTHER, origin=LOG.verifier.name)))
    altered = body(0, 3).replace(b"\n3\n", b"\n4\n")
    assert [witness_of(store).add_checkpoint(asked).status for asked in (by_other, altered)] == [403, 403]
    assert store.latest(LOG.verifier.name) is None


def test_wrong_old_size_is_told_the_right_one(store: Store) -> None:
    witness = witness_of(store)
    assert witness.add_checkpoint(body(3, 5)) == conflict(0)
    assert witness.add_checkpoint(body(0, 5)) == accepted(5)
    assert [witness.add_checkpoint(body(old, 9)) for old in (0, 4, 6)] == [conflict(5)] * 3


def test_log_that_was_rolled_back_is_not_cosigned_again(store: Store) -> None:
    witness = witness_of(store)
    witness.add_checkpoint(body(0, 9))
    assert [witness.add_checkpoint(body(old, size)) for old, size in ((0, 5), (5, 5), (5, 8))] == [
        conflict(9)
    ] * 3
    assert witness.add_checkpoint(body(9, 8)).status == 400


def test_second_history_of_the_same_size_is_a_conflict(store: Store) -> None:
    witness = witness_of(store)
    witness.add_checkpoint(body(0, 9))
    assert witness.add_checkpoint(body(9, 9, leaves=FORK)) == conflict(9)


def test_second_history_that_grew_is_unprocessable(store: Store) -> None:
    witness = witness_of(store)
    witness.add_checkpoint(body(0, 9))
    assert witness.add_checkpoint(body(9, 12, leaves=FORK)).status == 422
    missing = format_submission(Submission(9, (), checkpoint(12)))
    assert witness.add_checkpoint(missing).status == 422
    needless = format_submission(Submission(9, (bytes(32),), checkpoint(9)))
    assert witness.add_checkpoint(needless).status == 422
    assert store.latest(LOG.verifier.name) == TreeHead(LOG.verifier.name, 9, root(LEAVES[:9]))


def test_proof_from_nothing_must_be_empty_and_an_empty_root_the_empty_one(store: Store) -> None:
    witness = witness_of(store)
    needless = format_submission(Submission(0, (bytes(32),), checkpoint(3)))
    text = TreeHead(LOG.verifier.name, 0, bytes(32)).text
    wrong = format_submission(Submission(0, (), Note(text, (LOG.sign(text),)).raw.encode()))
    assert [witness.add_checkpoint(asked).status for asked in (needless, wrong)] == [422, 422]


def test_signatures_of_others_on_the_checkpoint_do_not_matter(store: Store) -> None:
    text = TreeHead(LOG.verifier.name, 3, root(LEAVES[:3])).text
    note = Note(text, (OTHER.sign("something else\n"), LOG.sign(text))).raw.encode()
    assert witness_of(store).add_checkpoint(format_submission(Submission(0, (), note))) == accepted(3)


def test_two_submissions_at_once_leave_one_history(tmp_path: Path) -> None:
    """Each store is a process's own connection; all compare against 4 and only one may write."""
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        witness_of(SqliteStore(folder)).add_checkpoint(body(0, 4))
        sizes, gate, answers = (5, 6, 7, 8), threading.Barrier(4), dict[int, Reply]()

        def submit(size: int, folder: Path, gate: threading.Barrier, answers: dict[int, Reply]) -> None:
            witness = witness_of(SqliteStore(folder))
            asked = body(4, size, leaves=FORK if size % 2 else LEAVES)
            gate.wait()
            answers[size] = witness.add_checkpoint(asked)

        threads = [threading.Thread(target=submit, args=(size, folder, gate, answers)) for size in sizes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (won,) = [size for size in sizes if answers[size].status == 200]
        assert [answers[size] for size in sizes if size != won] == [conflict(won)] * 3
        latest = SqliteStore(folder).latest(LOG.verifier.name)
        assert latest is not None
        assert latest.size == won


def test_store_remembers_after_a_restart(tmp_path: Path) -> None:
    witness_of(SqliteStore(tmp_path)).add_checkpoint(body(0, 9))
    assert witness_of(SqliteStore(tmp_path)).add_checkpoint(body(0, 9)) == conflict(9)


def test_store_advances_only_from_what_it_holds(store: Store) -> None:
    heads = [TreeHead("o", size, bytes([size]) * 32) for size in (3, 4, 5)]
    assert [
        store.advance(old=None, new=heads[0], note="n"),
        store.advance(old=None, new=heads[1], note="n"),
        store.advance(old=heads[1], new=heads[2], note="n"),
        store.advance(old=heads[0], new=heads[2], note="n"),
    ] == [True, False, False, True]
    assert store.latest("o") == heads[2]


def test_submission_is_laid_out_as_published() -> None:
    asked = Submission(20_852_014, (bytes(32),), b"o\n1\nr\n\n\xe2\x80\x94 o c2ln\n")
    assert format_submission(asked).decode() == (
        "old 20852014\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\no\n1\nr\n\n— o c2ln\n"
    )
    assert parse_submission(format_submission(asked)) == asked


def test_submission_with_other_letters_is_refused() -> None:
    with pytest.raises(NoteMalformed):
        parse_submission("old ٣\n\n".encode() + checkpoint(3))
