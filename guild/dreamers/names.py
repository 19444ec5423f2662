"""What a name may be: what others can see, and nothing that changes how they read what follows it."""

import unicodedata

from django.core.exceptions import ValidationError

# They turn the order of what follows: "evil" behind one reads as "live", on a page that knows no better.
TURNS_AROUND = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BREAKS = frozenset({"Cc", "Zl", "Zp"})
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


def validate_name(name: str) -> None:
    """Raises ValidationError for a name that shows nothing, that holds controls of writing direction, or that
    is not one line: names stand in letters, where another line would read as somebody else's.

    Joiners stay allowed: families of emoji and words of several scripts are written with them.
    """
    if all(unicodedata.category(character) in UNSEEN for character in name):
        raise ValidationError("Nothing of this name can be seen: write one that others can call you by.")
    if not TURNS_AROUND.isdisjoint(name):
        raise ValidationError(
            "This name holds an unseen sign that turns writing around: type the name again, without it."
        )
    if any(unicodedata.category(character) in BREAKS for character in name):
        raise ValidationError("A name is one line: type it again, without a break in it.")
