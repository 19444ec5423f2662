"""A dreamer's own things, which nobody else may know of."""

from tests.isolation.routes.shape import ABOUT_MIRAS_DREAM, SIGN_IN, Route, mine

ROUTES: tuple[Route, ...] = (
    # A dreamer's own journal.
    mine("GET", "journal:detail", "dream_id", owner=200),
    mine("GET", "journal:edit", "dream_id", owner=200),
    mine("POST", "journal:edit", "dream_id", owner=302, narrative="The stairs were dry.", revision=1),
    mine("GET", "journal:delete", "dream_id", owner=200),
    mine("POST", "journal:suggestion", "dream_id", owner=302, emotion="sadness"),
    mine("POST", "journal:delete", "dream_id", owner=302),
    mine("GET", "rights:correct", "dream_id", owner=302),  # nothing to correct: back to the dream
    mine("GET", "rights:erase-dream", "dream_id", owner=200),
    mine("GET", "rights:erase-dream-confirm", "dream_id", owner=302),  # to confirm who one is
    Route("POST", "rights:pause", (), (SIGN_IN, 302, 302, 302, 302, 302)),
    Route("POST", "rights:resume", (), (SIGN_IN, 302, 302, 302, 302, 302)),
    mine("GET", "api-dreams-detail", "dream_id", owner=200, nobody=403),
    mine("PATCH", "api-dreams-detail", "dream_id", owner=200, nobody=403, title="Dry", revision=1),
    mine("DELETE", "api-dreams-detail", "dream_id", owner=204, nobody=403),
    mine("GET", "api-dreams-suggestion", "dream_id", owner=200, nobody=403),
    mine("POST", "consent:withdraw", "contribution", owner=302),
    mine("POST", "api-consents-withdraw", "contribution", owner=200, nobody=403),
    mine("GET", "consent:dream", "contribution", owner=200),
    mine("POST", "consent:restrict", "contribution", owner=302),
    mine("POST", "consent:lift", "contribution", owner=302),
    mine("GET", "consent:receipt", "statement", owner=200),
    mine("GET", "consent:proof", "statement", owner=200),
    mine("GET", "consent:use-proof", "part", owner=200),
    mine("POST", "consent:answer", owner=302, **ABOUT_MIRAS_DREAM, answer="refused"),
    mine("POST", "consent:take-back-in-each", owner=302, **ABOUT_MIRAS_DREAM),
    mine("GET", "api-consents-history", "contribution", owner=200, nobody=403),
    mine("POST", "api-consents-restrict", "contribution", owner=200, nobody=403),
    mine("POST", "api-consents-lift", "contribution", owner=200, nobody=403),
    mine("GET", "api-consents-receipt", "statement", owner=200, nobody=403),
    mine("GET", "api-consents-proof", "statement", owner=200, nobody=403),
    mine("POST", "api-consents-answer", owner=200, nobody=403, **ABOUT_MIRAS_DREAM, answer="refused"),
    mine("POST", "api-consents-take-back", owner=200, nobody=403, **ABOUT_MIRAS_DREAM),
)
