"""What can go wrong with a dreamscape, one class per thing a caller can act on. Messages are for the
person.
"""

from django.http import Http404

from lounges.blending.errors import BlendError
from lounges.sessions.errors import NotNow


class BlendUnderWay(NotNow):
    """Another blend of this session has not ended yet (a 409)."""


class NotToBeRetried(NotNow):
    """This run is not one that can be asked for again (a 409)."""


class TooFewDreams(BlendError):
    """A blend needs dreams of at least two dreamers who allow it."""

    def __init__(self, dreams: int, *, left_out: int) -> None:
        found = ("No dream was", "One dream was", f"{dreams} dreams of one dreamer were")[min(dreams, 2)]
        others = f" ({left_out} more may not be blended)" if left_out else ""
        super().__init__(
            f"{found} lent for blending{others}, and a blend needs dreams of at least two dreamers: "
            "ask for another dream, or whether one that was lent may be blended."
        )


class NoSuchDreamscape(Http404):
    """There is no such dreamscape in this guild (a 404)."""


class NoReflection(Http404):
    """This blend holds no dream of the reader, so there is nothing to reflect (a 404)."""


class Erased(Exception):
    """The dreamscape was replaced and its key is destroyed: nobody can read it again."""
