"""The table: every address, and what each person is answered there; a room a module."""

from tests.isolation.routes import colonies, deliberation, guild, lounges, moderation, offices, oversight, own
from tests.isolation.routes.shape import Route

ROUTES: tuple[Route, ...] = (
    *own.ROUTES,
    *guild.ROUTES,
    *lounges.ROUTES,
    *colonies.ROUTES,
    *offices.ROUTES,
    *oversight.ROUTES,
    *moderation.ROUTES,
    *deliberation.ROUTES,
)
