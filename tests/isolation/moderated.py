"""An experience and a report in the Lantern guild, for asking who may reach them."""

from typing import Any
from uuid import UUID

from governance.moderation import services as moderation
from guild.tenancy.context import tenant
from lounges.experiences import services as experiences
from tests.cast import Cast


def moderated_in(cast: Cast, *, association: UUID) -> dict[str, Any]:
    """Ayla wrote an experience and opened it to be tried; Mira reported what Finn said."""
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        version = experiences.write(by=cast.ayla, name="Slow water", description="", numbers={"atoms": 8})
        experiences.try_out(by=cast.ayla, version=version)
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
        report = moderation.report(
            by=cast.mira, kind="association", target=association, reason="hurtful", words="It hurt."
        )
    return {
        "experience_id": version.experience_id,
        "report_id": report.pk,
        "kind": "association",
        "target": association,
    }
