"""Forty dreams of the sample guild's five members, and two of Zed's in a guild of his own.

All were written for this project: they are nobody's, so they may be shown, quoted and tested with.
"""

from guild.portal.sample_dreams.ayla import AYLA
from guild.portal.sample_dreams.ezra import EZRA
from guild.portal.sample_dreams.finn import FINN
from guild.portal.sample_dreams.lara import LARA
from guild.portal.sample_dreams.mira import MIRA
from guild.portal.sample_dreams.record import SampleDream
from guild.portal.sample_dreams.zed import ZED

MEMBERS_DREAMS: tuple[SampleDream, ...] = (*AYLA, *FINN, *LARA, *EZRA, *MIRA)
STRANGERS_DREAMS: tuple[SampleDream, ...] = ZED
CIRCLE: tuple[SampleDream, ...] = tuple(dream for dream in MEMBERS_DREAMS if dream.circle)

__all__ = ["CIRCLE", "MEMBERS_DREAMS", "STRANGERS_DREAMS", "SampleDream"]
