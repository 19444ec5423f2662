"""What the tests of the journal's pages share: dreams to find there, and a page as a reader sees it."""

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

from guild.journal import selectors, services
from guild.journal.records import Draft
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

NIGHT = date(2025, 5, 3)


def write(member: Membership, narrative: str = "The sea came up the lane.", **fields: Any) -> uuid.UUID:
    with tenant(dreamer=member.dreamer_id):
        draft = Draft(narrative=narrative, dreamed_on=fields.pop("dreamed_on", NIGHT), **fields)
        return services.write_dream(by=member.dreamer, draft=draft)


def kept(member: Membership) -> list[Draft]:
    with tenant(dreamer=member.dreamer_id):
        return [dream.draft for dream in selectors.recent_dreams_for(member.dreamer_id, 99)]


def words_of(response: Any) -> str:
    """The page as a reader sees it: without tags, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def errors_beside(response: Any, field: str) -> str:
    """The sentence shown beside one field."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', response.content.decode(), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""
