"""A guild, its log and its law."""

from tests.isolation.routes.shape import ALL, Route, anybodys, api, page

ROUTES: tuple[Route, ...] = (
    # A guild.
    page("GET", "portal:guild", answers=ALL),
    page("GET", "processing:page", answers=ALL),
    page("GET", "processing:json", answers=ALL),
    api("GET", "api-processing", answers=ALL),
    api("POST", "api-consents-ask", "contribution", answers=(403, 403, 403, 201), purpose="exchange"),
    page("GET", "ledger:guild", answers=ALL),
    # Its log, which outsiders verify, and the guild as a witness (400: what is sent here is no checkpoint).
    anybodys("GET", "log:checkpoint", answer=200),
    anybodys("GET", "log:vkey", answer=200),
    anybodys("GET", "log:tile", "level", "name", answer=200),
    anybodys("GET", "log:entries", "name", answer=200),
    anybodys("GET", "log:witness-vkey", answer=200),
    anybodys("POST", "log:add-checkpoint", answer=400),
    page("GET", "policies:constitution", answers=ALL),
    page("GET", "policies:history", answers=ALL),
    page("GET", "policies:template", "article", answers=ALL),
    page("POST", "policies:try", answers=ALL, individuality_floor="0.70"),
    api("GET", "api-law", answers=ALL),
    api("POST", "api-law-preview", answers=ALL, values={"individuality_floor": "0.70"}),
)
