"""Every kind of leaf is judged by who may have done it, and what stands for the law is told from its
digest.
"""

from datetime import timedelta

from governance.audits.acts import HOSTS, NEEDS
from governance.ledger.enums import LeafKind
from governance.policies.law import read_law, with_values
from guild.tenancy.enums import Office
from tests.governance.replayed import AYLA, BEGAN, LAW, LOUNGE, founded, law_digest

# Done by the house, or by whoever was a member once: none of these needs an office, and most no membership.
BY_WHOM_IT_CONCERNS = {
    LeafKind.CONTRIBUTION_WITHDRAWN,
    LeafKind.ASSOCIATIONS_ERASED,
    LeafKind.CONSENT_REFUSED,
    LeafKind.CONSENT_WITHDRAWN,
    LeafKind.CONSENT_RESTRICTED,
    LeafKind.CONSENT_UNRESTRICTED,
    LeafKind.RECIPIENTS_TOLD,
    LeafKind.DREAM_RECTIFIED,
    LeafKind.REMEDY_DONE,
    LeafKind.APPEAL_MADE,
    LeafKind.FINDING_CLOSED,
    LeafKind.EXPORT_MADE,
    LeafKind.ERASURE_DONE,
    LeafKind.KEY_ROTATED,
}
# Said by a dreamer about what is theirs, or by the guild about a consent: the register of consents judges.
ABOUT_CONSENT = {
    kind
    for kind in LeafKind
    if kind.value.startswith("consent.") and kind.value not in NEEDS and kind not in BY_WHOM_IT_CONCERNS
}


def test_every_kind_of_leaf_says_who_may_have_done_it() -> None:
    assert set(LeafKind) - set(map(LeafKind, NEEDS)) == BY_WHOM_IT_CONCERNS | ABOUT_CONSENT


def test_offices_that_acts_need_are_offices() -> None:
    named = {office for need in NEEDS.values() for office in need.offices} | HOSTS
    assert named <= set(Office.values)


def test_a_lower_floor_is_found_also_after_another_law_came() -> None:
    log = founded()
    after = log.enact(read_law(with_values(exchange_reach="house")))
    lower = read_law(with_values(exchange_reach="house", individuality_floor="0.30"))
    log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=after)
    index = log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=law_digest(lower))
    assert log.found() == [("log.law", index)]


def test_what_was_decided_just_before_a_law_may_be_written_just_after_it() -> None:
    log = founded()
    log.enact(read_law(with_values(exchange_reach="house")))
    log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=LAW)
    late = BEGAN + timedelta(minutes=5)
    index = log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=LAW, at=late)
    assert log.found() == [("log.law", index)]
