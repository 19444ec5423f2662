"""Tells open pages that somebody began to keep a ritual, or took it back: that it happened, and nothing else.

Valkey may lose it: pages ask again every half minute anyway.
"""

import logging
from functools import lru_cache
from uuid import UUID

import redis
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_SECONDS = 1.0


def topic_of(ritual: UUID) -> str:
    return f"dreamscape:tonight:{ritual}"


def tell_on_commit(ritual: UUID) -> None:
    """Once what happened is committed."""
    transaction.on_commit(lambda: _tell(ritual), robust=True)


def _tell(ritual: UUID) -> None:
    try:
        _client(settings.REDIS_URL).publish(topic_of(ritual), b"")
    except (RedisError, OSError) as error:
        logger.warning("Open pages were not told of a keeping (%s).", type(error).__name__)


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
