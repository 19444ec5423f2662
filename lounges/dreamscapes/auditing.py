"""What an audit looks at in dreamscapes: every run against its leaves, what it made against its digests."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from governance.audits.discrepancies import LONGEST, Discrepancy, differing, plain
from governance.audits.enums import Severity
from governance.audits.examination import Examination, Leaves
from governance.audits.loans import Run
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from guild.tenancy.context import tenant
from guild.vault import services as vault
from guild.vault.errors import VaultError
from lounges.blending.documents import digest
from lounges.dreamscapes import selectors
from lounges.dreamscapes.contents import commitment_of, terms_digest
from lounges.dreamscapes.enums import LIVE, RunState
from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection

RUNS, VOICES = "dreamscapes_run", "dreamscapes_voice"
DREAMSCAPES, REFLECTIONS = "dreamscapes_dreamscape", "dreamscapes_reflection"
BATCH: Final = 200
_AGAIN: Final = "Destroy the dreamscape, blend again, and tell those whose dreams are in it."
_BOTH: Final = (Advice.RE_BLEND, Advice.NOTIFY)

RULES = (
    Rule(
        "blend.row",
        Severity.CRITICAL,
        "A blend is not what its leaves say.",
        "Its state, its terms, its floor, its digests or when it ends was changed.",
        f"Restore the row as its leaves tell it. {_AGAIN}",
        (*_BOTH, Advice.RESTORE),
    ),
    Rule(
        "blend.unrecorded",
        Severity.CRITICAL,
        "There is a blend that the log knows nothing of.",
        "The row was made by hand.",
        _AGAIN,
        _BOTH,
    ),
    Rule(
        "blend.lost",
        Severity.MAJOR,
        "A blend of which the log tells is missing.",
        "The row was removed, and with it what a withdrawal would look for.",
        "Restore the row from a backup.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "blend.voices",
        Severity.CRITICAL,
        "The dreams that a blend names are not those that were opened for it.",
        "One was added, taken out, or given to another dreamer: a withdrawal would not find it.",
        "Restore the rows from the list of its use, or destroy the dreamscape and blend again.",
        (*_BOTH, Advice.RESTORE),
    ),
    Rule(
        "result.altered",
        Severity.CRITICAL,
        "A dreamscape is not what was made.",
        "Somebody who holds the keys opened it, changed it and sealed it again.",
        f"{_AGAIN} Change the key-encryption key.",
        (*_BOTH, Advice.ROTATE_KEY),
    ),
    Rule(
        "result.seal",
        Severity.CRITICAL,
        "A dreamscape does not open where it stands.",
        "Its sealed bytes were changed, or belong to another row.",
        _AGAIN,
        (*_BOTH, Advice.RESTORE),
    ),
    Rule(
        "result.lost",
        Severity.MAJOR,
        "What a blend made is missing, or there where nothing was made.",
        "The row was removed, or made by hand.",
        _AGAIN,
        (*_BOTH, Advice.RESTORE),
    ),
    Rule(
        "reflection.altered",
        Severity.CRITICAL,
        "A dreamer's reflection is not what was made for them.",
        "It was changed or exchanged, or does not open where it stands.",
        _AGAIN,
        _BOTH,
    ),
    Rule(
        "reflection.lost",
        Severity.MAJOR,
        "A dreamer's reflection is missing.",
        "The row was removed.",
        _AGAIN,
        _BOTH,
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every run both ways, and what each made that still stands."""
    known = examination.replay.lendings.runs
    seen: set[str] = set()
    rows = BlendRun.objects.filter(guild_id=examination.guild).select_related("session", "requested_by")
    batch: list[BlendRun] = []
    for row in rows.order_by("id").iterator(chunk_size=BATCH):
        seen.add(str(row.pk))
        batch.append(row)
        if len(batch) == BATCH:
            yield from _runs(examination, batch)
            batch = []
    yield from _runs(examination, batch)
    for run in sorted(known.keys() - seen):
        yield Discrepancy("blend.lost", known[run].requested, RUNS, run, "a row", "none")


def _runs(examination: Examination, rows: list[BlendRun]) -> Iterator[Discrepancy]:
    known = examination.replay.lendings.runs
    stories = [known[str(row.pk)] for row in rows if str(row.pk) in known]
    told = (at for story in stories for at in (story.requested, story.made, story.superseded))
    leaves = examination.leaves([at for at in told if at is not None])
    for row in rows:
        examination.count("blends")
        story = known.get(str(row.pk))
        if story is None:
            yield Discrepancy("blend.unrecorded", row.requested_leaf, RUNS, str(row.pk), "a leaf", "none")
            continue
        if apart := differing(_told(row, story, leaves), _stored(row)):
            leaf = next(at for at in (story.superseded, story.made, story.requested) if at is not None)
            yield Discrepancy("blend.row", leaf, RUNS, str(row.pk), *apart)
        yield from _voices(row, story)
        yield from _result(examination, row, story, leaves)


def _told(row: BlendRun, story: Run, leaves: Leaves) -> dict[str, Any]:
    """What the leaves say of a run."""
    asked = leaves.get(story.requested, {})
    told: dict[str, Any] = {
        "session": story.session,
        "supersedes": asked.get("detail", {}).get("supersedes"),
        "state": _state(row, story),
        "requested_leaf": story.requested,
        "ended_leaf": story.failed if story.made is None else story.made,
        "superseded_leaf": story.superseded,
        "experience": asked.get("detail", {}).get("experience"),
    }
    if told["supersedes"] is None and asked:
        told["requested_by"] = asked["actor"]
    if story.made is not None and story.made in leaves:
        told |= _made(leaves[story.made])
    if story.superseded is not None and story.superseded in leaves:
        told["because"] = leaves[story.superseded]["detail"].get("because")
    return told


def _made(leaf: Mapping[str, Any]) -> dict[str, Any]:
    detail = leaf["detail"]
    ends = detail.get("expires_at")
    return {
        "inputs": leaf["subjects"][0],
        "outputs": leaf["subjects"][1],
        "policy_set": leaf["policy_set"],
        "use_leaf": detail.get("use_leaf"),
        "floor": detail.get("floor"),
        "left_out": detail.get("left_out"),
        "expires_at": _instant(ends),
        "terms": detail.get("terms"),
    }


def _instant(told: Any) -> Any:
    """When something ends, as a leaf says; what is no instant is left as it is, and is no row's."""
    try:
        return None if told is None else datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return str(told)


def _reflected(leaf: Mapping[str, Any]) -> list[str]:
    """What stands for the reflections that were made."""
    told = leaf["detail"].get("reflections")
    return [str(one) for one in told] if isinstance(told, list) else []


def _state(row: BlendRun, story: Run) -> str:
    if story.superseded is not None:
        return RunState.SUPERSEDED.value
    if story.made is not None:
        return RunState.FINISHED.value
    if story.halted:
        return RunState.HALTED.value
    if story.failed is not None:
        return RunState.FAILED.value
    return row.state if row.state in LIVE else RunState.REQUESTED.value


def _stored(row: BlendRun) -> dict[str, Any]:
    return {
        "session": row.session_id,
        "supersedes": row.supersedes_id,
        "state": row.state,
        "requested_leaf": row.requested_leaf,
        "ended_leaf": row.ended_leaf,
        "superseded_leaf": row.superseded_leaf,
        "requested_by": row.requested_by.pseudonym,
        "inputs": row.inputs_digest,
        "outputs": row.outputs_digest,
        "policy_set": row.policy_set,
        "use_leaf": row.use_leaf,
        "floor": row.floor,
        "left_out": row.left_out,
        "expires_at": row.expires_at,
        "terms": terms_digest(row.terms),
        "because": row.because,
        "experience": row.experience_version_id,
    }


def _voices(row: BlendRun, story: Run) -> Iterator[Discrepancy]:
    """The dreams in a run against those that were opened for it."""
    opened = {UUID(bytes=one) for _, one in story.voices} if story.made is not None else set()
    rows = BlendVoice.objects.filter(guild_id=row.guild_id, run_id=row.pk)
    voices = list(rows.select_related("contribution", "membership").order_by("id"))
    for voice in voices:
        lent = voice.contribution
        where: dict[str, Any] = {"leaf_index": story.use, "table": VOICES, "row": str(voice.pk)}
        where["contribution"] = lent.pk
        if lent.pk not in opened:
            yield Discrepancy("blend.voices", expected="not opened", actual=str(lent.pk), **where)
            continue
        told = {"dreamer": lent.dreamer_id, "membership": lent.membership_id}
        if apart := differing(told, {"dreamer": voice.dreamer_id, "membership": voice.membership_id}):
            yield Discrepancy("blend.voices", expected=apart[0], actual=apart[1], **where)
    missing = sorted(opened - {voice.contribution_id for voice in voices})
    if missing:
        place: dict[str, Any] = {"leaf_index": story.use, "table": RUNS, "row": str(row.pk)}
        place["contribution"] = missing[0]
        yield Discrepancy("blend.voices", expected=plain(missing)[:LONGEST], actual="none", **place)


def _result(examination: Examination, row: BlendRun, story: Run, leaves: Leaves) -> Iterator[Discrepancy]:
    made = Dreamscape.objects.filter(guild_id=row.guild_id, run_id=row.pk).first()
    if (made is None) == (story.made is not None):
        told, found = ("a row", "none") if made is None else ("none", "a row")
        yield Discrepancy("result.lost", story.made, DREAMSCAPES, str(row.pk), told, found)
        return
    leaf = leaves.get(story.made) if story.made is not None else None
    if made is None or leaf is None or not story.stands:
        return
    examination.count("dreamscapes")
    try:
        opener = vault.opener(row.key_id) if row.key_id is not None else None
    except VaultError:
        opener = None
    if opener is None:
        yield Discrepancy("result.seal", story.made, DREAMSCAPES, str(made.pk), "a key", "none")
        return
    yield from _dreamscape(row, made, story, leaf, opener)
    yield from _reflections(row, story, leaf, opener)


def _dreamscape(
    row: BlendRun, made: Dreamscape, story: Run, leaf: Mapping[str, Any], opener: vault.Opener
) -> Iterator[Discrepancy]:
    """Whether title and document open, and are what the leaf's digests say."""
    told, title = leaf["subjects"][1], leaf["detail"].get("title")
    sealed = {
        "title": (bytes(made.title_sealed), selectors.title_place(row)),
        "document": (bytes(made.document_sealed), selectors.document_place(row)),
    }
    where: dict[str, Any] = {"leaf_index": story.made, "table": DREAMSCAPES, "row": str(made.pk)}
    shut = [name for name, pair in sealed.items() if not opener.holds(*pair)]
    if shut:
        yield Discrepancy("result.seal", expected="it opens", actual=f"{','.join(shut)} does not", **where)
        return
    if not opener.answers(*sealed["title"], lambda plain: opener.commitment(plain) == title):
        yield Discrepancy("result.altered", expected="the title that was made", actual="another", **where)
    if not opener.answers(*sealed["document"], lambda plain: digest(json.loads(plain)) == told):
        yield Discrepancy("result.altered", expected=told, actual="another document", **where)


def _reflections(
    row: BlendRun, story: Run, leaf: Mapping[str, Any], opener: vault.Opener
) -> Iterator[Discrepancy]:
    """Every dreamer's reflection, each looked at as its dreamer alone may: nobody else sees the row."""
    left, leaf_index = set(_reflected(leaf)), story.made
    voices = BlendVoice.objects.filter(guild_id=row.guild_id, run_id=row.pk)
    for dreamer in sorted(set(voices.values_list("dreamer_id", flat=True))):
        with tenant(guild=row.guild_id, dreamer=dreamer):
            held = list(Reflection.objects.filter(guild_id=row.guild_id, run_id=row.pk, dreamer_id=dreamer))
        for one in held:
            found = _commitment_of(one, opener)
            if found in left:
                left.discard(found)
                continue
            where: dict[str, Any] = {"table": REFLECTIONS, "row": str(one.pk), "leaf_index": leaf_index}
            yield Discrepancy("reflection.altered", expected="as it was made", actual=found, **where)
    if left:
        place: dict[str, Any] = {"table": REFLECTIONS, "row": str(row.pk), "leaf_index": leaf_index}
        told = f"{len(_reflected(leaf))} reflections"
        yield Discrepancy("reflection.lost", expected=told, actual=f"{len(left)} missing", **place)


def _commitment_of(row: Reflection, opener: vault.Opener) -> str:
    """What stands for a reflection as it is; a word for one that does not open."""
    try:
        return commitment_of(row, opener=opener)
    except VaultError:
        return "it does not open"


CHECK = Check("dreamscapes", "Blends, and what they made", look, RULES)
