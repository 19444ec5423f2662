"""The adapter to Valkey: one SUBSCRIBE connection a process for listening, a small client for telling.

Valkey may go away at any moment. Telling then fails softly and says so in the log; listening comes back by
itself and tells the hub, which reads from Postgres whatever was missed.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from functools import lru_cache

import redis
import redis.asyncio as async_redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

_KEEP_OPEN = "dreamscape:listeners"  # a subscribed connection needs at least one topic
_CONFIRMATION_SECONDS = 1.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0

LOST = (RedisError, OSError, TimeoutError)


@lru_cache(maxsize=4)
def telling_client(url: str) -> redis.Redis:
    """A client that gives up at once, for work that must not wait for Valkey."""
    return redis.Redis.from_url(
        url,
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )


def tell(url: str, topic: str, payload: bytes) -> bool:
    """Publishes to whoever listens; false when Valkey could not be reached (the hub then finds out by
    itself).
    """
    try:
        telling_client(url).publish(topic, payload)
    except LOST as error:
        logger.warning(
            "Valkey could not be told of an event (%s); listeners will read it.", type(error).__name__
        )
        return False
    return True


class Listener:
    """One subscribed connection, kept alive. `heard` gets each message; `returned` is awaited after
    every connection.
    """

    def __init__(
        self, url: str, *, heard: Callable[[str, bytes], None], returned: Callable[[], Awaitable[None]]
    ) -> None:
        self._url = url
        self._heard = heard
        self._returned = returned
        self._topics: set[str] = set()
        self._confirmations: dict[str, asyncio.Event] = {}
        self._pubsub: PubSub | None = None

    @property
    def listening(self) -> bool:
        return self._pubsub is not None

    async def add(self, topic: str) -> None:
        """Listens to `topic` from now on; waits for Valkey's confirmation for a second at most, and
        never fails.
        """
        self._topics.add(topic)
        if self._pubsub is None:
            return
        confirmation = self._confirmations.setdefault(topic, asyncio.Event())
        try:
            await self._pubsub.subscribe(topic)
            await asyncio.wait_for(confirmation.wait(), _CONFIRMATION_SECONDS)
        except LOST:
            logger.info("Valkey did not confirm a subscription yet; it will be made again on return.")
        finally:
            self._confirmations.pop(topic, None)

    async def remove(self, topic: str) -> None:
        self._topics.discard(topic)
        if self._pubsub is not None:
            with contextlib.suppress(*LOST):  # the connection is lost, and its subscription with it
                await self._pubsub.unsubscribe(topic)

    async def run(self) -> None:
        """Listens for ever; cancel it to stop."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._listen_once()
            except LOST as error:
                pause = _FIRST_PAUSE_SECONDS if self.listening else min(pause * 2, _LONGEST_PAUSE_SECONDS)
                logger.warning("Valkey is away (%s); trying again.", type(error).__name__)
            except Exception:
                logger.exception("Listening to Valkey failed in a way nobody foresaw; trying again.")
            finally:
                self._pubsub = None
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret

    async def _listen_once(self) -> None:
        client = async_redis.Redis.from_url(
            self._url, socket_timeout=None, socket_connect_timeout=2.0, retry=AsyncRetry(NoBackoff(), 0)
        )
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(_KEEP_OPEN, *self._topics)
            self._pubsub = pubsub
            returned = asyncio.ensure_future(self._returned())
            try:
                while True:
                    self._dispatch(await pubsub.get_message(timeout=None))
            finally:
                returned.cancel()

    def _dispatch(self, message: dict | None) -> None:
        if message is None:
            return
        topic = message["channel"].decode()
        if message["type"] == "subscribe" and topic in self._confirmations:
            self._confirmations[topic].set()
        elif message["type"] == "message" and topic in self._topics:
            self._heard(topic, message["data"])
