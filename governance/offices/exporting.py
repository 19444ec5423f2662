"""The export of a guild: its law, its roster and its whole log, as a zip that needs no house to be read.

No word of a dream is in it, and none can be: the log holds none, and nothing else of what was lent is read.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger import signing
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.ledger.selectors import signed_note
from governance.offices.joint import act_for, may_fetch
from governance.offices.selectors import as_now
from governance.policies import engine
from governance.policies.errors import Denied
from governance.policies.law import law_of
from governance.policies.services import policy_set
from guild.tenancy.models import Guild, Membership

AT_ONCE = 1_000


@dataclass(frozen=True)
class Export:
    """The archive, and the SHA-256 over it, which the ledger holds."""

    packed: bytes
    sha256: str


def fetch(*, by: Membership, act: UUID) -> Export:
    """The export that two agreed to, made now. Each fetching is a leaf.

    Raises Http404, and Denied unless two agreed and it is not too long ago.
    """
    ledger.hold(guild=by.guild_id)
    me, held = as_now(by), act_for(by.guild_id, act)
    decision = may_fetch(me, held)
    if not decision.allowed:
        raise Denied(decision)
    export = _packed(me.guild)
    ledger.append(
        guild=me.guild_id,
        kind=LeafKind.EXPORT_MADE,
        actor=me.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail={"what": "guild", "digest": export.sha256},
    )
    return export


def _packed(guild: Guild) -> Export:
    file = io.BytesIO()  # on no disk: it holds names
    note = signed_note(checkpoint_now(guild=guild.pk))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "README.txt", render_to_string("governance/offices/export_readme.txt", {"guild": guild})
        )
        archive.writestr("guild.json", _json(_guild_document(guild)))
        archive.writestr("roster.json", _json([_member_document(member) for member in _everybody(guild)]))
        for path in engine.policy_files():
            archive.write(path, f"law/{path.parent.name}/{path.name}")
        archive.writestr("log/checkpoint", note)
        archive.writestr("log/vkey", signing.log_signer(guild.pk).verifier.vkey + "\n")
        with archive.open("log/entries.jsonl", "w", force_zip64=True) as entries:
            for entry in _entries(guild.pk):
                entries.write(entry + b"\n")
    packed = file.getvalue()
    return Export(packed, hashlib.sha256(packed).hexdigest())


def _entries(guild: UUID) -> Iterator[bytes]:
    """The entries of the log, verbatim and in order: one leaf a line."""
    rows = Leaf.objects.filter(guild_id=guild).order_by("index").values_list("entry", flat=True)
    return (bytes(entry) for entry in rows.iterator(chunk_size=AT_ONCE))


def _everybody(guild: Guild) -> list[Membership]:
    return list(Membership.objects.filter(guild_id=guild.pk).order_by("joined_at", "id"))


def _guild_document(guild: Guild) -> dict[str, Any]:
    return {
        "id": str(guild.pk),
        "slug": guild.slug,
        "name": guild.name,
        "description": guild.description,
        "founded_at": guild.created_at.isoformat(),
        "exported_at": timezone.now().isoformat(),
        "origin": signing.origin_of(guild.pk),
        "policy_set": policy_set(guild),
        "law": law_document(guild),
    }


def law_document(guild: Guild) -> dict[str, Any]:
    """The values that the members gave their law, and what they forbade."""
    return law_of(guild).document


def _member_document(member: Membership) -> dict[str, Any]:
    """Somebody who left is known by their pseudonym alone."""
    known = {"name": member.display_name, "hue": member.hue, "offices": member.offices}
    return {
        "pseudonym": str(member.pseudonym),
        "joined_at": member.joined_at.isoformat(),
        "left_at": None if member.ended_at is None else member.ended_at.isoformat(),
        **(known if member.is_live else {}),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
