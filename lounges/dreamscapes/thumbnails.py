"""A dreamscape as a small picture: its lights and the lines between them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lounges.dreamscapes.drawing import Canvas, Light, sky_of

SMALL = Canvas(width=240, height=120, margin=16, letter=0, light=(2.5, 5), apart=14, mark=0.2)


@dataclass(frozen=True)
class Thumbnail:
    lights: tuple[Light, ...]
    links: tuple[str, ...]


def thumbnail_of(document: Mapping[str, Any]) -> Thumbnail:
    """The constellation of a shared document without its marks and names."""
    bare = {**document, "constellation": {**document["constellation"], "moments": []}}
    sky = sky_of(bare, SMALL)
    return Thumbnail(lights=sky.lights, links=sky.links)
