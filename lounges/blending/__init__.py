"""Blending without erasing anyone: numbers in, numbers and words out. Pure: no Django, no clock, no I/O."""

from lounges.blending.errors import BlendError
from lounges.blending.prepared import Prepared, blend, prepare
from lounges.blending.shapes import BlendTerms, Dreamscape, Voice

__all__ = ["BlendError", "BlendTerms", "Dreamscape", "Prepared", "Voice", "blend", "prepare"]
