"""Every kind of leaf is judged by who may have done it, and what stands for the law is told from its
digest.
"""

from decimal import Decimal

from governance.audits.acts import HOSTS, NEEDS
from governance.audits.laws import floors_by_law
from governance.ledger.enums import LeafKind
from governance.policies.entities import Exchange
from governance.policies.services import policy_set_of
from guild.tenancy.enums import Office
from tests.governance.replayed import AYLA, LAW, LOUNGE, founded

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


def test_the_floor_of_a_law_is_told_from_its_digest() -> None:
    told = floors_by_law()
    assert (len(told), told[policy_set_of(Decimal("0.60"))]) == (71, "0.6000")
    assert told[policy_set_of(Decimal("0.3"))] == "0.3000"


def test_the_floor_is_told_under_other_values_of_exchange_too() -> None:
    other = Exchange(reach="house", partners=("a",), fall=Decimal("0.3")).text
    law = policy_set_of(Decimal("0.45"), exchange=other)
    assert (law in floors_by_law(), floors_by_law(other)[law]) == (False, "0.4500")


def test_a_lower_floor_is_found_also_after_the_exchange_was_set() -> None:
    log, other = founded(), Exchange(reach="house")
    log.write(LeafKind.POLICY_ENACTED, actor=AYLA, law=LAW, exchange=other.text.split())
    lower = policy_set_of(Decimal("0.30"), exchange=other.text)
    as_it_is = policy_set_of(Decimal("0.60"), exchange=other.text)
    log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=as_it_is)
    index = log.write(LeafKind.LOUNGE_MADE, actor=AYLA, subjects=[str(LOUNGE)], law=lower)
    assert log.found() == [("log.law", index)]
