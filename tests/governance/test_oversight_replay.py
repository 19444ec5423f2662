"""The replay of a log from its rows: what is found in it, and what is not."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from governance.audits.replay import TOLERANCE, Replay
from governance.ledger import tree
from governance.ledger.enums import SYSTEM, LeafKind
from tests.governance.replayed import (
    AYLA,
    BEGAN,
    EZRA,
    GUILD,
    HOUSE,
    LAW,
    LAXER,
    MIRA,
    SESSION,
    ZED,
    WrittenLog,
    altered,
    commitment_of,
    consent,
    founded,
    lend,
    other_entry,
    told,
)

DREAM, OTHER, RUN, NEXT = (UUID(int=number) for number in range(100, 104))
DIGESTS = ["d" * 64, "e" * 64]


def filled(leaves: int) -> WrittenLog:
    log = founded()
    while len(log.rows) < leaves:
        log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[f"lounge-{len(log.rows)}"], law=LAW)
    return log


def blended(
    *, voices: tuple[UUID, ...] = (DREAM, OTHER), floor: float = 0.6, kept: float = 0.7
) -> WrittenLog:
    """Two dreams lent, opened for a blend and blended."""
    log = founded()
    for dream in (DREAM, OTHER):
        lend(log, dream, purposes=("blend", "quote"))
    log.write(
        LeafKind.BLEND_REQUESTED, actor=AYLA, subjects=[str(RUN)], law=LAW, session=SESSION, supersedes=None
    )
    use = log.use("blend", voices, on="blend", subject=RUN, actor=AYLA)
    made(log, use, voices=len(voices), floor=floor, kept=kept)
    return log


def made(log: WrittenLog, use: int, *, voices: int = 2, floor: float = 0.6, kept: float = 0.7) -> int:
    return log.write(
        LeafKind.DREAMSCAPE_MADE,
        actor=AYLA,
        subjects=DIGESTS,
        law=LAW,
        run=RUN,
        session=SESSION,
        use_leaf=use,
        voices=voices,
        floor=floor,
        retention=kept,
    )


@given(leaves=some.integers(7, 70), block=some.integers(1, 80))
@settings(max_examples=40, deadline=None)
def test_a_sound_log_has_nothing_wrong_and_the_root_of_the_tree(leaves: int, block: int) -> None:
    log = filled(leaves)
    replay = Replay(guild=str(GUILD), houses=[HOUSE])
    replay.tree.want(range(1, leaves + 1))
    for start in range(0, leaves, block):
        replay.feed(log.rows[start : start + block], {})
    hashes = [row.leaf_hash for row in log.rows]
    assert replay.found == []
    assert replay.tree.roots == {size: tree.root(hashes[:size]) for size in range(leaves + 1)}
    assert replay.tree.root() == tree.root(hashes)


@given(data=some.data())
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_of_a_row_is_found_in_that_row(data: some.DataObject) -> None:
    log = filled(40)
    at = data.draw(some.integers(0, 39))
    field = data.draw(some.sampled_from(["entry", "leaf_hash", "subtrees"]))
    value = bytearray(getattr(log.rows[at], field))
    if not value:
        return
    value[data.draw(some.integers(0, len(value) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    log.rows[at] = altered(log.rows[at], **{field: bytes(value)})
    rule = "log.subtrees" if field == "subtrees" else "log.hash"
    assert (rule, at) in log.found()


@given(missing=some.sets(some.integers(0, 29), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_every_leaf_missing_from_the_middle_is_named(missing: set[int]) -> None:
    log = filled(31)
    log.rows = [row for row in log.rows if row.number not in missing]
    gaps = [index for rule, index in log.found() if rule == "log.gap"]
    assert gaps == sorted(missing)
    assert log.replayed().tree.root() is None


def test_a_row_whose_entry_and_hash_were_both_replaced_is_found_where_the_tree_joins_it() -> None:
    log = filled(16)
    entry = other_entry(log.rows[9], {"lounge-9": "lounge-X"})
    log.rows[9] = altered(log.rows[9], entry=entry, leaf_hash=tree.leaf_hash(entry))
    assert log.found() == [("log.subtrees", 9)]


@pytest.mark.parametrize(
    "change",
    [
        {"lounge-9": "the stairs were wet"},
        {"lounge-9": "mira@example.org"},
        {'"kind":"lounge.made"': '"kind":"lounge.dreamt"'},
        {'"detail":{},': '"detail": {},'},
        {'"policy_set"': '"policy_sets"'},
        {'{"actor"': '{"a":1,"actor"'},
    ],
)
def test_an_entry_that_the_ledger_would_not_write_is_found(change: dict[str, str]) -> None:
    log = filled(16)
    entry = other_entry(log.rows[9], change)
    log.rows[9] = altered(log.rows[9], entry=entry)
    assert ("log.entry", 9) in log.found()


def test_numbers_are_read_as_the_ledger_writes_them() -> None:
    log = founded()
    for number in (0.0, 1.0, 1e-7, 1e21, 0.1 + 0.2, 12.5):
        log.write(LeafKind.EXPORT_MADE, actor=MIRA, number=number if number < 2**53 else 2**52)
    assert log.found() == []


def test_columns_that_say_something_else_than_the_entry_are_found() -> None:
    log = filled(12)
    log.rows[8] = altered(log.rows[8], kind="office.granted")
    log.rows[9] = altered(log.rows[9], at=log.rows[8].at)
    assert log.found() == [("log.columns", 8), ("log.columns", 9)]


def test_a_leaf_that_stands_far_before_the_one_in_front_of_it_is_found() -> None:
    log = filled(10)
    latest = BEGAN + timedelta(seconds=9)
    late = log.write(LeafKind.EXPORT_MADE, actor=MIRA, at=latest - TOLERANCE)
    early = log.write(LeafKind.EXPORT_MADE, actor=MIRA, at=latest - 2 * TOLERANCE - timedelta(seconds=1))
    log.write(LeafKind.EXPORT_MADE, actor=MIRA, at=latest)
    assert (late, early) == (10, 11)
    assert log.found() == [("log.time", 11)]


ACTS: dict[str, tuple[Callable[[WrittenLog], int], str]] = {
    "a stranger lends": (lambda log: lend(log, DREAM, by=ZED), "log.actor"),
    "a stranger opens": (lambda log: log.use("blend", [], actor=ZED), "log.actor"),
    "the house lends": (
        lambda log: log.write(LeafKind.CONTRIBUTION_LENT, subjects=["x"], law=LAW, session=SESSION),
        "log.actor",
    ),
    "somebody supersedes by hand": (
        lambda log: log.write(LeafKind.BLEND_FAILED, actor=AYLA, subjects=[str(RUN)]),
        "log.actor",
    ),
    "a member appoints": (
        lambda log: log.write(
            LeafKind.OFFICE_GRANTED, actor=MIRA, subjects=[str(MIRA)], law=LAW, office="enforcer"
        ),
        "log.office",
    ),
    "a member rules": (
        lambda log: log.write(LeafKind.RULING_MADE, actor=MIRA, subjects=["f", "r"], law=LAW),
        "log.office",
    ),
    "a member ends another": (
        lambda log: log.write(LeafKind.MEMBERSHIP_ENDED, actor=MIRA, subjects=[str(EZRA)], law=LAW),
        "log.office",
    ),
    "another than the host blends": (
        lambda log: log.write(
            LeafKind.BLEND_REQUESTED, actor=MIRA, subjects=[str(RUN)], law=LAW, session=SESSION
        ),
        "log.office",
    ),
    "an office is given twice": (
        lambda log: log.write(
            LeafKind.OFFICE_GRANTED, actor=AYLA, subjects=[str(EZRA)], law=LAW, office="enforcer"
        ),
        "log.story",
    ),
    "a member comes twice": (
        lambda log: log.write(LeafKind.MEMBERSHIP_STARTED, actor=AYLA, subjects=[str(MIRA)], law=LAW),
        "log.story",
    ),
    "a session is opened twice": (
        lambda log: log.write(LeafKind.SESSION_OPENED, actor=AYLA, subjects=[str(SESSION)], law=LAW),
        "log.story",
    ),
    "what was never lent is withdrawn": (
        lambda log: log.write(LeafKind.CONTRIBUTION_WITHDRAWN, actor=MIRA, subjects=["x"]),
        "log.story",
    ),
    "no law was asked": (
        lambda log: log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=["x"]),
        "log.law",
    ),
    "a laxer law was asked": (
        lambda log: log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=["x"], law=LAXER),
        "log.law",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_could_not_have_been_is_found_at_its_leaf(act: str) -> None:
    log = founded()
    write, rule = ACTS[act]
    index = write(log)
    found = log.found()
    assert (rule, index) in found
    assert {leaf for _, leaf in found} <= set(range(7, index + 1))


def test_a_member_who_left_may_take_back_and_nothing_else() -> None:
    log = founded()
    lend(log, DREAM)
    log.write(LeafKind.MEMBERSHIP_ENDED, actor=MIRA, subjects=[str(MIRA)], law=LAW)
    consent(log, DREAM, "blend", kind=LeafKind.CONSENT_WITHDRAWN)
    log.write(LeafKind.CONTRIBUTION_WITHDRAWN, actor=MIRA, subjects=[commitment_of(DREAM)], session=SESSION)
    assert log.found() == []
    heard = log.use("share_in_session", [OTHER])
    assert log.found() == [("log.actor", heard), ("use.forbidden", heard)]


def test_an_enforcer_acts_no_longer_once_the_office_was_taken_back() -> None:
    log = founded()
    log.write(LeafKind.AUDIT_REQUESTED, actor=EZRA, subjects=["a"])
    log.write(LeafKind.OFFICE_WITHDRAWN, actor=AYLA, subjects=[str(EZRA)], law=LAW, office="enforcer")
    late = log.write(LeafKind.AUDIT_REQUESTED, actor=EZRA, subjects=["b"])
    assert log.found() == [("log.office", late)]


def test_an_office_that_a_ruling_takes_is_taken_by_the_house() -> None:
    log = founded()
    said = {"subjects": [str(EZRA)], "law": LAW, "office": "enforcer"}
    log.write(LeafKind.OFFICE_WITHDRAWN, ruling=NEXT, **said)
    assert log.found() == []
    silent = log.write(LeafKind.OFFICE_GRANTED, **said)
    assert log.found() == [("log.actor", silent)]


def test_a_sound_blend_has_nothing_wrong_and_is_known() -> None:
    replay = blended().replayed(blocks=3)
    run = replay.lendings.runs[str(RUN)]
    assert replay.found == []
    assert (run.stands, [UUID(bytes=contribution) for _, contribution in run.voices]) == (
        True,
        [contribution for _, contribution in sorted((commitment_of(one), one) for one in (DREAM, OTHER))],
    )
    assert list(replay.lendings.overdue(at=BEGAN + timedelta(hours=1), grace=timedelta())) == []


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [("quote", LeafKind.CONSENT_WITHDRAWN), ("blend", LeafKind.CONSENT_REFUSED), ("blend", None)],
)
def test_a_use_is_judged_by_the_consents_at_its_leaf(purpose: str, kind: LeafKind | None) -> None:
    log = founded()
    lend(log, DREAM, purposes=("blend",))
    early = log.use("blend", [DREAM])
    if kind is not None:
        consent(log, DREAM, "blend", kind=kind)
    late = log.use("blend" if kind else purpose, [DREAM])
    forbidden = [] if kind is None else [("use.forbidden", late)]
    assert early < late
    assert log.found() == forbidden


def test_a_use_after_the_consent_ran_out_is_found() -> None:
    log = founded()
    consent(log, DREAM, "blend", expires_at=BEGAN + timedelta(seconds=10))
    log.use("blend", [DREAM])
    late = log.use("blend", [DREAM], at=BEGAN + timedelta(seconds=10))
    assert log.found() == [("use.forbidden", late)]


@pytest.mark.parametrize("listed", [[], [DREAM], [DREAM, OTHER, NEXT], [DREAM, NEXT]])
def test_a_list_that_is_not_the_one_of_the_use_is_found(listed: list[UUID]) -> None:
    log = blended()
    use = next(row.number for row in log.rows if row.kind == LeafKind.USE)
    log.lists[use] = [(commitment_of(one), one.bytes) for one in listed]
    assert ("use.list", use) in log.found()


def test_a_consent_in_the_name_of_another_is_found() -> None:
    log = founded()
    first = consent(log, DREAM, "blend", actor=EZRA)
    lent = lend(log, DREAM, purposes=())
    later = consent(log, DREAM, "quote", actor=AYLA)
    said = {"purpose": "blend", "depth": 0.5, "expires_at": None, "notice": "c" * 64, "scope": "session"}
    broad = log.write(LeafKind.CONSENT_GIVEN, actor=EZRA, scope_id=SESSION, pseudonym=MIRA, **said)
    assert first < lent
    assert log.found() == [("log.actor", lent), ("log.actor", later), ("log.actor", broad)]


def test_a_consent_to_a_session_lets_what_is_lent_there_be_used() -> None:
    log = founded()
    said = {"purpose": "blend", "depth": 0.5, "expires_at": None, "notice": "c" * 64, "scope": "session"}
    lend(log, DREAM, purposes=())
    early = log.use("blend", [DREAM])
    log.write(LeafKind.CONSENT_GIVEN, actor=MIRA, scope_id=SESSION, pseudonym=MIRA, **said)
    log.use("blend", [DREAM])
    consent(log, DREAM, "blend", kind=LeafKind.CONSENT_REFUSED)
    late = log.use("blend", [DREAM])
    assert log.found() == [("use.forbidden", early), ("use.forbidden", late)]


def test_a_blend_under_a_lower_floor_than_the_law_is_found() -> None:
    assert blended(floor=0.3, kept=0.7).found() == [("blend.floor", len(blended().rows) - 1)]
    assert blended(floor=0.6, kept=0.5).found() == [("blend.floor", len(blended().rows) - 1)]


def test_a_blend_of_others_than_were_opened_is_found() -> None:
    log = blended(voices=(DREAM, OTHER))
    log.rows.pop()
    log._hashes.pop()
    index = made(log, len(log.rows) - 1, voices=3)
    assert log.found() == [("blend.story", index)]


def test_what_was_taken_back_and_still_stands_is_overdue() -> None:
    log = blended()
    consent(log, DREAM, "blend", kind=LeafKind.CONSENT_WITHDRAWN)
    consent(log, OTHER, "quote", kind=LeafKind.CONSENT_WITHDRAWN)
    later = BEGAN + timedelta(hours=1)
    replay = log.replayed()
    assert sorted(row[2:] for row in replay.lendings.overdue(at=later, grace=timedelta())) == [
        (DREAM, "withdrawn"),
        (OTHER, "unquoted"),
    ]
    log.write(
        LeafKind.DREAMSCAPE_SUPERSEDED, subjects=[DIGESTS[1]], run=RUN, session=SESSION, because="withdrawn"
    )
    assert list(log.replayed().lendings.overdue(at=later, grace=timedelta())) == []
    assert log.found() == []


def test_what_ran_out_is_overdue_only_after_a_while() -> None:
    log = founded()
    ends = BEGAN + timedelta(minutes=10)
    for dream in (DREAM, OTHER):
        consent(log, dream, "blend", expires_at=ends if dream == DREAM else None)
    log.write(
        LeafKind.BLEND_REQUESTED, actor=AYLA, subjects=[str(RUN)], law=LAW, session=SESSION, supersedes=None
    )
    made(log, log.use("blend", [DREAM, OTHER], on="blend", subject=RUN, actor=AYLA))
    lendings, grace = log.replayed().lendings, timedelta(minutes=5)
    assert list(lendings.overdue(at=ends + timedelta(minutes=4), grace=grace)) == []
    assert [row[2:] for row in lendings.overdue(at=ends + grace, grace=grace)] == [(DREAM, "expired")]


def test_a_dreamscape_superseded_twice_is_found() -> None:
    log = blended()
    said = {"subjects": [DIGESTS[1]], "run": RUN, "session": SESSION, "because": "withdrawn"}
    log.write(LeafKind.DREAMSCAPE_SUPERSEDED, **said)
    second = log.write(LeafKind.DREAMSCAPE_SUPERSEDED, **said)
    assert log.found() == [("log.story", second)]


def test_the_same_log_in_other_blocks_tells_the_same() -> None:
    log = blended()
    consent(log, DREAM, "blend", kind=LeafKind.CONSENT_REFUSED)
    log.use("blend", [DREAM])
    assert [told(log.replayed(blocks=size).found) for size in (1, 4, 100)] == [log.found()] * 3
    assert SYSTEM == "system"
