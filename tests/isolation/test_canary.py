"""A phrase that was dreamt is looked for where it must not be: database, Valkey, logs, files, tasks."""

import time
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import redis

from governance.consent.enums import Purpose
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.portal.demo.visitor import Visitor
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import services as dreamscapes
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.sessions import loans, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Session
from tests import harness
from tests.cast import PASSWORD, Cast
from tests.stack import Stack

CANARY = "quicksilver marmalade escalator"
TITLE = "The vermilion turnstile"
SAID = "a cormorant under fluorescent rain"
WORDS = (CANARY, TITLE, SAID, "quicksilver", "vermilion", "cormorant")
TEXT = f"There was a {CANARY}. It hummed. I rode it down to where my mother kept the lamps. I was not afraid."
PURPOSES = (Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE, Purpose.PUBLISH_TO_GUILD)
PATIENCE = 60


def lend(member: Membership, session: Session, text: str) -> UUID:
    with tenant(dreamer=member.dreamer_id):
        draft = Draft(narrative=text, dreamed_on=date(2026, 11, 1), title=TITLE, tags=("vermilion",))
        dream = write_dream(by=member.dreamer, draft=draft)
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        row, _ = loans.share(
            session=session,
            by=member,
            dream_id=dream,
            passage=Passage(Extent.WHOLE),
            terms=LoanTerms(dict.fromkeys(PURPOSES, True), 0.5, None),
        )
    return row.pk


def hold_session(cast: Cast) -> Session:
    """Two dreams with the phrase in them are lent, associated to, and blended by the worker."""
    ayla, mira = cast.ayla, cast.mira
    with tenant(guild=cast.lantern.pk, dreamer=ayla.dreamer_id):
        lounge = services.make_lounge(by=ayla, name="Thursday Circle")
        session = services.create(lounge=lounge, by=ayla, title="An evening")
    for member in (ayla, mira):
        with tenant(guild=cast.lantern.pk, dreamer=member.dreamer_id):
            services.join(session=session, by=member, terms=terms_of(session.confidentiality).digest)
    move(cast, session, "sharing")
    lent = lend(mira, session, TEXT)
    lend(ayla, session, f"I dreamt of a {CANARY} too. It led up. There was a lamp at the top of it.")
    move(cast, session, "associating")
    with tenant(guild=cast.lantern.pk, dreamer=ayla.dreamer_id):
        loans.associate(session=session, by=ayla, contribution_id=lent, text=SAID)
    move(cast, session, "blending")
    with tenant(guild=cast.lantern.pk, dreamer=ayla.dreamer_id):
        run = dreamscapes.request_blend(session=session, by=ayla, key=uuid4())
    wait_for_blend(cast, run)
    return session


def move(cast: Cast, session: Session, stage: str) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        services.set_stage(session=session, by=cast.ayla, stage=stage)


def wait_for_blend(cast: Cast, run: BlendRun) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with tenant(guild=cast.lantern.pk):
            if BlendRun.objects.get(pk=run.pk).state == RunState.FINISHED:
                return
        time.sleep(0.2)
    raise AssertionError("The worker did not finish the blend in a minute.")


def read_pages(stack: Stack, cast: Cast, session: Session) -> None:
    """Everything is read, searched and mistyped over HTTP, so that logs and caches had their chance."""
    mira = Visitor(address=stack.url, name="Mira")
    mira.sign_in(email=cast.mira.dreamer.email, password=PASSWORD)
    for path in ("/", "/journal/", f"/g/lantern/sessions/{session.pk}/", "/consents/", "/g/lantern/"):
        mira._open(path)
    mira.post("/dreams/", {"narrative": TEXT, "title": TITLE, "dreamed_on": "2026-11-02"})
    mira.post("/dreams/search/", {"words": CANARY})


def places_where(words: tuple[str, ...], superuser: psycopg.Connection, stack: Stack) -> list[str]:
    """Where any of the words was found, in whatever case."""
    needles = [word.lower().encode() for word in words]
    found = []
    for name, content in holdings(superuser, stack):
        if any(needle in content.lower() for needle in needles):
            found.append(name)
    return found


def holdings(superuser: psycopg.Connection, stack: Stack) -> list[tuple[str, bytes]]:
    """(name, bytes) of every table, every Valkey key and every file that the run has written."""
    tables = superuser.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'vault')"
    ).fetchall()
    held = []
    for (table,) in tables:
        with superuser.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
            held.append((f"table {table}", b"".join(bytes(part) for part in copy)))
    with redis.Redis.from_url(harness.valkey.url) as client:
        held += [(f"key {key.decode()}", valkey_value(client, key)) for key in client.scan_iter()]
    held += [(f"file {path.name}", path.read_bytes()) for path in written_files(stack)]
    return held


def valkey_value(client: redis.Redis, key: bytes) -> bytes:
    """All that stands under a key, whatever its type (DUMP would compress it out of sight)."""
    readers = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: client.hgetall(key),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
        b"none": lambda: b"",
    }
    return repr(readers[client.type(key)]()).encode()


def written_files(stack: Stack) -> list[Path]:
    folders = (stack.folder / "var", stack.folder / "mail")
    inside = [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()]
    return [*inside, *stack.folder.glob("*.log"), harness.postgres.log, harness.valkey.log]


@pytest.mark.fault
def test_what_was_dreamt_stands_nowhere_in_clear(
    live_cast: Cast, stack: Stack, superuser: psycopg.Connection
) -> None:
    session = hold_session(live_cast)
    read_pages(stack, live_cast, session)
    assert places_where(WORDS, superuser, stack) == []


@pytest.mark.fault
def test_addresses_stand_in_the_account_tables_alone(
    live_cast: Cast, stack: Stack, superuser: psycopg.Connection
) -> None:
    Visitor(address=stack.url, name="Mira").sign_in(email=live_cast.mira.dreamer.email, password=PASSWORD)
    allowed = {"table public.dreamers_dreamer", "table public.account_emailaddress"}
    assert set(places_where(("mira@example.org",), superuser, stack)) - allowed == set()


def test_search_of_the_holdings_would_find_a_plain_word(
    live_cast: Cast, stack: Stack, superuser: psycopg.Connection
) -> None:
    """The look-out itself: a guild's name is not secret, and is found."""
    assert "table public.tenancy_guild" in places_where(("The Lantern Guild",), superuser, stack)
