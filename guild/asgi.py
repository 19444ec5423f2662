"""The roof: HTTP to Django, sockets to the live sessions."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guild.settings")
django_application = get_asgi_application()

# What follows needs the applications loaded.
from django.conf import settings  # noqa: E402

from colonies.rituals.routing import websocket_urlpatterns as colonies_sockets  # noqa: E402
from governance.ledger.signing import refuse_without_seed  # noqa: E402
from guild.portal.request_bodies import MARGIN, BoundedBodies  # noqa: E402
from guild.tenancy.rolecheck import refuse_unsafe_role  # noqa: E402
from lounges.sessions.routing import websocket_urlpatterns as lounges_sockets  # noqa: E402

if not settings.SECRET_KEY_GIVEN:
    raise SystemExit(
        "SECRET_KEY is not given: sign-ins and second factors would be lost with this process. "
        "Give it 50 random characters or more, and keep them."
    )
refuse_without_seed()
refuse_unsafe_role()

application = ProtocolTypeRouter(
    {
        "http": BoundedBodies(django_application, most=settings.FILE_UPLOAD_MAX_MEMORY_SIZE - MARGIN),
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([*lounges_sockets, *colonies_sockets]))
        ),
    }
)
