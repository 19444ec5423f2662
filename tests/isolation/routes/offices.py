"""Offices, invitations, and what takes two."""

from tests.isolation.routes.shape import ALL, BACK, DECIDED, HOST, Route, api, page

ROUTES: tuple[Route, ...] = (
    page("GET", "offices:home", answers=(403, 403, 403, 200)),
    page("POST", "offices:home", answers=(403, 403, 403, 422), member="", office="enforcer"),
    page("POST", "offices:end", answers=HOST, member="", office="enforcer"),
    page("POST", "offices:renew", answers=HOST, member="", office="enforcer"),
    page("POST", "offices:remove", answers=HOST, member=""),
    page("POST", "offices:unbar", answers=HOST, member=""),
    page("GET", "offices:invitations", answers=(403, 403, 403, 200)),
    page("POST", "offices:invitations", answers=(403, 403, 403, 200), uses=1, days=7),
    page("POST", "offices:revoke", "invitation_id", answers=HOST),
    # What every member sees of power; Ezra offered Mira his office, Ayla asked for an export and a closing.
    page("GET", "membership:power", answers=ALL),
    page("POST", "membership:lay-down", answers=(403, 403, 403, 302), office="architect"),
    page(
        "POST", "membership:hand-over", answers=(422, 422, 422, 302), office="architect", successor="$ezra_id"
    ),
    page("POST", "membership:answer", "handover_id", answers=(302, 404, 403, 404), answer="accept"),
    page("GET", "membership:together", answers=ALL),
    page("POST", "membership:together", answers=HOST, kind="export"),
    page("POST", "membership:agree", "act_id", answers=DECIDED),
    page("POST", "membership:take-back", "act_id", answers=HOST),
    page("POST", "membership:object", "act_id", answers=BACK),
    page("POST", "membership:export", "export_id", answers=(403, 403, 403, 200)),
    page("GET", "membership:leave", answers=ALL),
    page("POST", "membership:leave", answers=(302, 302, 302, 422), lent="take_back", traces="leave"),
    api("GET", "api-offices", answers=ALL),
    api("POST", "api-offices", answers=(403, 403, 403, 201), member="$ezra_id", office="architect"),
    api("DELETE", "api-office", "member_id", "office", answers=(403, 403, 204, 204)),  # it is Ezra's
    api("POST", "api-office-renewal", "member_id", "office", answers=(403, 403, 403, 200)),
    api("POST", "api-member-removal", "member_id", answers=(403, 403, 403, 204)),
    api("POST", "api-leave", answers=(204, 204, 204, 409)),
    api("GET", "api-handovers", answers=ALL),
    api("POST", "api-handovers", answers=(403, 403, 403, 201), office="architect", successor="$ezra_id"),
    api("POST", "api-handover", "handover_id", answers=(200, 404, 403, 404), answer="accept"),
    api("GET", "api-power", answers=ALL),
    api("GET", "api-invitations", answers=(403, 403, 403, 200)),
    api("POST", "api-invitations", answers=(403, 403, 403, 201), uses=1, days=7),
    api("DELETE", "api-invitation", "invitation_id", answers=(403, 403, 403, 200)),
    api("GET", "api-together", answers=ALL),
    api("POST", "api-together", answers=(403, 403, 403, 201), kind="close"),
    api("POST", "api-together-agree", "act_id", answers=(403, 403, 200, 403)),
    api("POST", "api-together-take-back", "act_id", answers=(403, 403, 403, 200)),
    api("POST", "api-together-object", "act_id", answers=ALL),
    api("POST", "api-together-export", "export_id", answers=(403, 403, 403, 200)),
)
