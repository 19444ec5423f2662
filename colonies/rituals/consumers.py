"""The socket of tonight's page: says which ritual somebody began to keep just now. It carries an id alone;
the page asks for the words over HTTP, which asks the law. The first word names no ritual: it says that from
here on nothing is missed, so whatever came before is to be asked for. Before each other word it is asked
whether its person is signed in still, and keeps that ritual still.
"""

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

import redis.asyncio as async_redis
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import Http404
from django.utils import timezone
from redis.exceptions import RedisError

from colonies.rituals import selectors
from colonies.rituals.telling import topic_of
from colonies.rituals.times import schedules_for
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.errors import NotAMember
from guild.tenancy.selectors import membership_in, memberships_of

logger = logging.getLogger(__name__)

SIGNED_OUT, TRY_AGAIN = 4401, 1013
MOST_RITUALS = 100


class TonightConsumer(AsyncWebsocketConsumer):
    """One socket of a page of tonight."""

    _listening: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.dreamer: UUID | None = getattr(self.scope.get("user"), "pk", None)
        if self.dreamer is None:
            await self.close(SIGNED_OUT)
            return
        self.rituals = await database_sync_to_async(_kept_by)(self.dreamer)
        await self.accept()
        if self.rituals:
            self._listening = asyncio.create_task(self._listen())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pages have nothing to say here."""

    async def disconnect(self, code: int) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        client = async_redis.Redis.from_url(settings.REDIS_URL)
        try:
            async with client.pubsub() as heard:
                await heard.subscribe(*self.rituals)
                async for message in heard.listen():
                    if message["type"] == "message" and not await self._pass_on(message["channel"].decode()):
                        return
                    if message["type"] == "subscribe" and message["data"] == len(self.rituals):
                        await self.send(text_data=json.dumps({"ritual": None}))
        except (RedisError, OSError) as error:
            logger.warning("Tonight's pages hear nothing (%s).", type(error).__name__)
            await self.close(TRY_AGAIN)
        finally:
            await client.aclose()

    async def _pass_on(self, topic: str) -> bool:
        """Whether the person is signed in still; what they may not hear any more is not said to them."""
        guild, ritual = self.rituals[topic]
        session: Any = self.scope.get("session")
        key = session.session_key if session is not None else ""
        if not await database_sync_to_async(_is_signed_in)(key or ""):
            await self.close(SIGNED_OUT)
            return False
        if await database_sync_to_async(_may_hear)(self.dreamer, guild, ritual):
            await self.send(text_data=json.dumps({"ritual": str(ritual)}))
        return True


def _kept_by(dreamer: UUID) -> dict[str, tuple[UUID, UUID]]:
    """Topic -> (guild, ritual) of everything that somebody keeps at set times."""
    found: dict[str, tuple[UUID, UUID]] = {}
    with tenant(dreamer=dreamer):
        memberships = memberships_of(dreamer)
    for membership in memberships:
        with tenant(guild=membership.guild_id, dreamer=dreamer):
            rituals = {row.ritual_id for row in schedules_for(membership)}
        found |= {topic_of(ritual): (membership.guild_id, ritual) for ritual in rituals}
    return dict(list(found.items())[:MOST_RITUALS])


def _is_signed_in(session_key: str) -> bool:
    return Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).exists()


def _may_hear(dreamer: UUID, guild: UUID, ritual: UUID) -> bool:
    """Whether they keep it still, as the law has it now."""
    try:
        with tenant(guild=guild, dreamer=dreamer):
            selectors.kept_ritual_for(membership_in(dreamer, guild), ritual)
    except (NotAMember, Denied, Http404):
        return False
    return True
