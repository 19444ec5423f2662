"""Signed notes to the byte: the published examples of others, and everything that is not one."""

import base64

import pytest

from governance.ledger.errors import NoteMalformed, SignatureRejected
from governance.ledger.note import (
    MOST_BYTES,
    Algorithm,
    Cosigner,
    Note,
    Signature,
    Signer,
    TreeHead,
    Verifier,
    cosigned_at,
    open_note,
    parse_note,
)

# The example of the Go team's sumdb/note: its key, its text, its signature.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
QUOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
QUOTED = (
    f"{QUOTE}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

LOG = Signer("house.example/g/1/log", seed=bytes(range(32)))
WITNESS = Cosigner("witness.example/w", seed=bytes(range(1, 33)))
HEAD = TreeHead("house.example/g/1/log", 20_852_163, bytes(range(32)))
TEXT = "house.example/g/1/log\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
AT = 1_679_315_147


def signed() -> bytes:
    return Note(TEXT, (LOG.sign(TEXT), WITNESS.cosign(TEXT, at=AT))).raw.encode()


def test_published_example_is_made_to_the_byte() -> None:
    signer = Signer("PeterNeumann", seed=base64.b64decode(NEUMANN_SECRET)[1:])
    assert signer.verifier.vkey == NEUMANN
    assert Note(QUOTE, (signer.sign(QUOTE),)).raw.encode() == QUOTED


def test_published_example_is_opened() -> None:
    assert open_note(QUOTED, [Verifier.from_vkey(NEUMANN)]).text == QUOTE


def test_checkpoint_has_three_lines_and_reads_back() -> None:
    assert HEAD.text == TEXT
    assert TreeHead.from_text(TEXT) == HEAD


def test_checkpoint_of_an_empty_log_says_nought() -> None:
    head = TreeHead("o", 0, bytes(32))
    assert head.text == "o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    assert TreeHead.from_text(head.text) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n+1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAA\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",  # the same bytes, spelt otherwise
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n",
        "o\n1\n",
    ],
)
def test_checkpoint_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        TreeHead.from_text(text)


def test_keys_and_signatures_are_those_that_another_implementation_makes() -> None:
    """The keys, ids and lines below were made by Go's crypto/ed25519 from the same seeds."""
    assert LOG.verifier.vkey == (
        "house.example/g/1/log+060eae60+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )
    assert WITNESS.verifier.vkey == (
        "witness.example/w+d467e222+BHm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk"
    )
    assert signed().decode() == (
        f"{TEXT}\n— house.example/g/1/log Bg6uYPlmys8kOMGQx+suxbyOE281XmXrg6g7qEdPpez6enJ8xfvxO4w5"
        "hxVHVl30ETTOoVwILtD4d2zP9iDNr47luQ8=\n— witness.example/w 1GfiIgAAAABkGFDLm6iebgQ6uLUY3c1f"
        "XU0N/yPZ4WMKu5XNzacPiCl0PVIPOm6X+1ABTTnrfOFFGe9dw93rd8Evp92WfFUi3/f+CA==\n"
    )


def test_cosignature_is_over_its_time_and_the_text() -> None:
    signature = WITNESS.cosign(TEXT, at=AT)
    as_note = Signer("x", seed=bytes(range(1, 33))).sign(f"cosignature/v1\ntime {AT}\n{TEXT}")
    assert signature.value == AT.to_bytes(8, "big") + as_note.value
    assert cosigned_at(signature) == AT
    assert WITNESS.verifier.algorithm is Algorithm.COSIGNATURE_V1


def test_cosignature_with_another_time_is_rejected() -> None:
    value = WITNESS.cosign(TEXT, at=AT).value
    moved = Signature(WITNESS.verifier.name, WITNESS.verifier.key_id, (AT + 1).to_bytes(8, "big") + value[8:])
    with pytest.raises(SignatureRejected):
        WITNESS.verifier.verify(TEXT, moved)


def test_cosignature_cut_short_is_rejected() -> None:
    short = Signature(WITNESS.verifier.name, WITNESS.verifier.key_id, b"1234")
    with pytest.raises(SignatureRejected, match="72 bytes"):
        WITNESS.verifier.verify(TEXT, short)


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_vkey_reads_back(signer: Signer) -> None:
    assert Verifier.from_vkey(signer.verifier.vkey + "\n") == signer.verifier


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        NEUMANN.replace("PeterNeumann", "Peter Neumann"),
        NEUMANN.replace("+ARpc", "+BRpc"),
        NEUMANN[:-4],
    ],
)
def test_vkey_that_is_none_is_refused(vkey: str) -> None:
    with pytest.raises(NoteMalformed):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\there"])
def test_name_of_a_key_with_space_or_plus_is_refused(name: str) -> None:
    with pytest.raises(NoteMalformed):
        Signer(name, seed=bytes(32))


def test_text_may_hold_empty_lines() -> None:
    text = "one\n\ntwo\n"
    raw = Note(text, (LOG.sign(text),)).raw.encode()
    assert open_note(raw, [LOG.verifier]).text == text


def test_unknown_keys_are_left_out() -> None:
    both = open_note(signed(), [LOG.verifier, WITNESS.verifier])
    assert both == parse_note(signed())
    assert open_note(signed(), [LOG.verifier]) == Note(TEXT, both.signatures[:1])


def test_unknown_key_that_shares_a_name_or_an_id_is_left_out() -> None:
    other = Signer(LOG.verifier.name, seed=bytes(32)).sign("another text\n")
    namesake = Signature("another.example", LOG.verifier.key_id, bytes(64))
    raw = Note(TEXT, (other, namesake, LOG.sign(TEXT))).raw.encode()
    assert open_note(raw, [LOG.verifier]).signatures == (LOG.sign(TEXT),)


def test_note_is_rejected_when_a_known_key_fails_beside_one_that_holds() -> None:
    raw = Note(TEXT, (LOG.sign(TEXT), WITNESS.cosign("other\n", at=AT))).raw.encode()
    assert open_note(raw, [LOG.verifier]).text == TEXT
    with pytest.raises(SignatureRejected, match="witness"):
        open_note(raw, [LOG.verifier, WITNESS.verifier])


def test_note_signed_by_nobody_known_is_rejected() -> None:
    with pytest.raises(SignatureRejected, match="none of the keys"):
        open_note(signed(), [Verifier.from_vkey(NEUMANN)])


def test_hundred_signatures_are_read_and_no_more() -> None:
    lines = tuple(Signature(f"k{i}", bytes(4), bytes(64)) for i in range(99))
    raw = Note(TEXT, (*lines, LOG.sign(TEXT))).raw.encode()
    assert open_note(raw, [LOG.verifier]).text == TEXT
    with pytest.raises(NoteMalformed, match="100"):
        open_note(Note(TEXT, (*lines, *lines, LOG.sign(TEXT))).raw.encode(), [LOG.verifier])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        QUOTED[:-1],
        QUOTED + b"\n",
        QUOTED + b"\n\n",
        QUOTED.replace("—".encode(), b"-"),
        QUOTED.replace(b"PeterNeumann ", b"PeterNeumann"),
        QUOTED.replace(b"x08go", b"x08g_"),
        QUOTED.replace(b"problem", b"prob\rlem", 1),
        QUOTED.replace(b"problem", b"prob\xfflem", 1),
        b"a" * MOST_BYTES + QUOTED,
    ],
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteMalformed):
        open_note(raw, [Verifier.from_vkey(NEUMANN)])


def test_any_flipped_bit_is_noticed() -> None:
    raw = signed()
    accepted = []
    for position in range(len(raw)):
        for bit in range(8):
            flipped = bytearray(raw)
            flipped[position] ^= 1 << bit
            try:
                opened = open_note(bytes(flipped), [LOG.verifier, WITNESS.verifier])
            except (NoteMalformed, SignatureRejected):
                continue
            if len(opened.signatures) == 2:
                accepted.append((position, bit))
    assert accepted == []
