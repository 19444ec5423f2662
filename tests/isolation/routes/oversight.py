"""Oversight, and its report for everybody."""

from tests.isolation.routes.shape import ALL, DECIDED, ENFORCER, REASONS, Route, api, page

ROUTES: tuple[Route, ...] = (
    # Oversight: for enforcers, and its report for everybody. Ezra is the only enforcer.
    page("GET", "oversight:home", answers=ENFORCER),
    page("GET", "oversight:audits", answers=ENFORCER),
    page("POST", "oversight:audits", answers=DECIDED),
    page("GET", "oversight:progress", "audit_id", answers=ENFORCER),
    page("GET", "oversight:findings", answers=ENFORCER),
    page("GET", "oversight:findings-csv", answers=ENFORCER),
    page("GET", "oversight:findings-json", answers=ENFORCER),
    page("GET", "oversight:finding", "finding_id", answers=ENFORCER),
    page("POST", "oversight:finding", "finding_id", answers=DECIDED, verdict="dismissed", reasons=REASONS),
    page("POST", "oversight:assign", "finding_id", answers=DECIDED, to="$ezra_id"),
    page("POST", "oversight:confirm", "proposal_id", answers=(404, 404, 403, 404)),  # it is Ezra's own
    page("POST", "oversight:decline", "proposal_id", answers=(404, 404, 302, 404)),
    page(
        "POST",
        "oversight:answer",
        "appeal_id",
        answers=(403, 403, 403, 403),  # against a ruling of Ezra's
        outcome="upheld",
        answer=REASONS,
    ),
    page("POST", "oversight:ask-to-lift", "suspension_id", answers=DECIDED),
    page("POST", "oversight:lift", "suspension_id", answers=(403, 403, 403, 403)),  # nobody asked for it
    page("GET", "oversight:story", "contribution", answers=ENFORCER),
    page("GET", "oversight:story-csv", "contribution", answers=ENFORCER),
    page("GET", "oversight:story-json", "contribution", answers=ENFORCER),
    page("GET", "transparency:report", answers=ALL),
    page("GET", "transparency:ruling", "ruling_id", answers=ALL),
    page("POST", "transparency:ruling", "ruling_id", answers=(302, 403, 403, 403), reasons=REASONS),
    api("GET", "api-findings", answers=ENFORCER),
    api("GET", "api-finding", "finding_id", answers=ENFORCER),
    api("POST", "api-finding-assignee", "finding_id", answers=ENFORCER, to="$ezra_id"),
    api(
        "POST",
        "api-finding-rulings",
        "finding_id",
        answers=(403, 403, 201, 403),
        verdict="dismissed",
        reasons=REASONS,
    ),
    api("GET", "api-rulings", answers=ALL),
    api("GET", "api-ruling", "ruling_id", answers=ALL),
    api("POST", "api-ruling-confirm", "proposal_id", answers=(404, 404, 403, 404)),  # it is Ezra's own
    api("POST", "api-ruling-decline", "proposal_id", answers=(404, 404, 200, 404)),
    api("POST", "api-ruling-appeals", "ruling_id", answers=(201, 403, 403, 403), reasons=REASONS),
    api(
        "POST",
        "api-appeal-answer",
        "appeal_id",
        answers=(403, 403, 403, 403),  # against a ruling of Ezra's
        outcome="upheld",
        answer=REASONS,
    ),
    api("GET", "api-audits", answers=ENFORCER),
    api("POST", "api-audits", answers=(403, 403, 202, 403)),
    api("GET", "api-audit", "audit_id", answers=ENFORCER),
)
