"""Reading and posting the pages of oversight, for their tests."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from governance.audits.models import Finding
from governance.consent import gate
from governance.consent.enums import Purpose
from governance.oversight import ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

Within = Callable[[Membership], AbstractContextManager[Any]]
ClientOf = Callable[[Membership], Client]
REASONS = "The leaf and the row do not say the same."
MOST_QUERIES = 30
CANARY = "a quicksilver turnstile hummed"
SHRED = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED}))


def page(client: Client, name: str, *arguments: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=["lantern", *arguments]), query)
    assert answer.status_code == 200, answer
    return answer.text


def post(client: Client, name: str, *arguments: Any, **body: Any) -> Any:
    return client.post(reverse(name, args=["lantern", *arguments]), body, follow=True)


def fresh(row: Any) -> Any:
    with tenant(guild=row.guild_id):
        return type(row).objects.get(pk=row.pk)


def ruled(cast: Cast, finding: Finding, draft: Draft | None = None) -> Ruling:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ezra.dreamer_id):
        draft = draft or Draft(Verdict.DISMISSED, REASONS)
        return ruling.rule(finding=finding, by=cast.ezra, draft=draft)


def use(member: Membership, lents: list[gate.Lent]) -> None:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        gate.open_for(lents, purpose=Purpose.BLEND, actor=member.pseudonym, on="blend", subject=uuid4())
