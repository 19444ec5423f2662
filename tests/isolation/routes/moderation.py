"""What is reported and hidden."""

from tests.isolation.routes.shape import ALL, CIRCLE, REASONS, Route, api, page

ROUTES: tuple[Route, ...] = (
    # Moderation: Mira reported what Finn said; Ezra and Ayla may decide, Ezra is not in the session.
    page("GET", "moderation:log", answers=ALL),
    page("GET", "moderation:report", "kind", "target", answers=CIRCLE),
    page("POST", "moderation:report", "kind", "target", answers=(302, 422, 403, 302), reason="other"),
    page("GET", "moderation:case", "report_id", answers=(404, 404, 200, 200)),
    page(
        "POST",
        "moderation:case",
        "report_id",
        answers=(404, 404, 302, 302),
        decision="hidden",
        reasons=REASONS,
    ),
    page("POST", "moderation:appeal", "report_id", answers=(404, 404, 404, 404), reasons=REASONS),
    api("GET", "api-moderation", answers=ALL),
    api(
        "POST",
        "api-moderation",
        answers=(201, 400, 403, 201),
        kind="association",
        target="$association_id",
        reason="other",
    ),
    api(
        "POST",
        "api-moderation-decision",
        "report_id",
        answers=(404, 404, 200, 200),
        decision="hidden",
        reasons=REASONS,
    ),
    api("POST", "api-moderation-appeal", "report_id", answers=(404, 404, 404, 404), reasons=REASONS),
    api(
        "POST",
        "api-moderation-answer",
        "report_id",
        answers=(404, 404, 409, 409),
        outcome="upheld",
        words=REASONS,
    ),
)
