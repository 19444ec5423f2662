"""Making blends again, for an audit: a random few of those that stand, from what is sealed, for the answer
alone whether the same comes out. Nothing of it is kept.

A blend is made again only while everybody whose dream is in it still allows just that.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.lendings import BLEND, QUOTE
from governance.audits.loans import Run
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.consent.gate import Opened
from governance.consent.terms import Terms
from guild.journal.errors import BrokenReading
from guild.vault import services as vault
from guild.vault.errors import VaultError
from lounges.blending import BlendError, BlendTerms, blend
from lounges.blending.documents import digest, shared_document
from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape
from lounges.dreamscapes.selectors import document_place
from lounges.dreamscapes.voices import READING, voice_of
from lounges.sessions.selectors import lent_of

RUNS: Final = "dreamscapes_run"
ROUNDING: Final = 2e-3
"""How far figures may lie apart: another machine rounds the last digit of a document another way."""

AGAIN = Rule(
    "blend.again",
    Severity.CRITICAL,
    "A blend that is made again does not come out the same.",
    "It was not made of what its run names, or under other terms, or what was lent has changed since.",
    "Destroy the dreamscape, blend again, and tell those whose dreams are in it.",
    (Advice.RE_BLEND, Advice.NOTIFY),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """A sample of the blends that stand, and those that an earlier audit found wanting."""
    runs = examination.replay.lendings.runs
    for chosen in _sample(examination, runs):
        story = runs[chosen]
        row = BlendRun.objects.filter(guild_id=examination.guild, pk=chosen).select_related("session").first()
        voices = _voices(examination, chosen, story)
        if row is None or not voices:
            continue
        examination.count("blends made again")
        apart = _apart(row, story, voices)
        if apart:
            yield Discrepancy(AGAIN.code, story.made, RUNS, chosen, *apart)


def _sample(examination: Examination, runs: Mapping[str, Run]) -> list[str]:
    """Chosen by the audit's own seed, so that an audit that is resumed looks at the same."""
    standing = sorted(run for run, story in runs.items() if story.stands)
    number = min(len(standing), settings.AUDIT_BLENDS_MADE_AGAIN)
    chosen = random.Random(examination.seed).sample(standing, number)  # noqa: S311 a sample, no secret
    wanting = set(examination.standing.get(AGAIN.code, ())).intersection(standing)
    return sorted({*chosen, *wanting})


def _voices(examination: Examination, run: str, story: Run) -> Sequence[BlendVoice]:
    """What is in a run; nothing when it may not be opened for this, or is not what it was."""
    lendings, allowed = examination.replay.lendings, {}
    for commitment, contribution in story.voices:
        if lendings.reason_shut(commitment, purpose=BLEND, at=examination.at):
            return ()
        quoted = commitment in story.quoted
        if quoted and lendings.reason_shut(commitment, purpose=QUOTE, at=examination.at):
            return ()
        allowed[UUID(bytes=contribution)] = commitment
    rows = BlendVoice.objects.filter(guild_id=examination.guild, run_id=UUID(run))
    voices = list(rows.select_related("contribution").order_by("id"))
    is_whole = {voice.contribution_id for voice in voices} == allowed.keys()
    return voices if is_whole and all(map(_is_as_it_was, voices)) else ()


def _is_as_it_was(voice: BlendVoice) -> bool:
    return voice.contribution.is_lent and voice.revision == voice.contribution.revision


def _apart(row: BlendRun, story: Run, voices: Sequence[BlendVoice]) -> tuple[str, str] | None:
    """What the run recorded and what comes out now, where they differ."""
    try:
        opened = [_opened(voice, story) for voice in voices]
        again = blend([voice_of(one) for one in opened], BlendTerms(**row.terms))
    except (VaultError, BrokenReading, BlendError, TypeError) as error:
        return row.inputs_digest, type(error).__name__
    if again.inputs_digest != row.inputs_digest:
        return f"inputs={row.inputs_digest}", f"inputs={again.inputs_digest}"
    document = shared_document(again)
    if digest(document) == row.outputs_digest or _is_alike(row, document):
        return None
    return f"outputs={row.outputs_digest}", f"outputs={digest(document)}"


def _opened(voice: BlendVoice, story: Run) -> Opened:
    """A contribution as it was opened for the blend, by the terms of then."""
    commitment = _commitment_of(voice.contribution_id, story)
    lent = lent_of(voice.contribution, fields=(READING,))
    opener = vault.opener(lent.key_id)
    terms = Terms(depth=story.depths[commitment], quote=commitment in story.quoted, expires_at=None)
    texts = {name: opener.open_bytes(*sealed) for name, sealed in lent.fields.items()}
    return Opened(lent.contribution, lent.dreamer, terms, texts)


def _commitment_of(contribution: UUID, story: Run) -> str:
    return next(commitment for commitment, listed in story.voices if listed == contribution.bytes)


def _is_alike(row: BlendRun, document: Mapping[str, Any]) -> bool:
    """Whether what is stored differs from this by no more than rounding."""
    made = Dreamscape.objects.filter(guild_id=row.guild_id, run_id=row.pk).first()
    if made is None or row.key_id is None:
        return False
    opener = vault.opener(row.key_id)
    sealed = bytes(made.document_sealed)
    return opener.answers(sealed, document_place(row), lambda plain: alike(json.loads(plain), document))


def alike(one: Any, other: Any) -> bool:
    """Whether two documents are the same but for the rounding of their figures."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers) and not isinstance(one, bool):
        return abs(one - other) <= ROUNDING
    return bool(one == other)


CHECK = Check("again", "A sample of blends, made again", look, (AGAIN,))
