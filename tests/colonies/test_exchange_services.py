"""Rituals that pass from colony to colony: terms, credit, lineage, and how many cultures are left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from colonies.exchange import counting, lineages, selectors, services
from colonies.exchange.enums import Terms
from colonies.exchange.lineages import Branch
from colonies.exchange.models import Offer
from colonies.exchange.practised import alike
from colonies.rituals import observing, writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.selectors import newest_of
from colonies.rituals.texts import RitualText, Step
from governance.policies.errors import Denied
from guild.journal.selectors import reckoning_of
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast, join
from tests.colonies.colony import LAMP, come_in, found, inside, offer_of, write
from tests.colonies.test_rituals_colonies import leaves

SignIn = Callable[[Membership], Client]
CREDITED = replace(LAMP, credit="Rosa of the quay")
TEA = RitualText(title="Tea", steps=(Step("tea", "Pour the tea and wait.", 60),))


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Lara's, of the Lamplighters."""
    return write(cast.lara, found(cast.lara), CREDITED)


@pytest.fixture
def salt(cast: Cast) -> Colony:
    """Ayla's colony."""
    return found(cast.ayla, name="Salt")


def adopt(by: Membership, row: Offer, colony: Colony) -> Ritual:
    with inside(by):
        return services.adopt(by=by, row=selectors.offer_for(by, row.pk), colony=colony)


def revise(by: Membership, ritual: Ritual, text: RitualText, note: str = "Ours is shorter.") -> None:
    with inside(by):
        writing.revise(by=by, ritual=ritual, text=text, note=note, on=ritual.version)


def text_of(by: Membership, ritual: Ritual) -> RitualText:
    with inside(by):
        return newest_of(ritual).text


def test_what_is_taken_up_keeps_its_words_its_credit_and_its_lineage(
    cast: Cast, ritual: Ritual, salt: Colony
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    assert text_of(cast.ayla, taken) == CREDITED
    with inside(cast.mira):
        came = selectors.adoption_of(taken)
        assert (came.source, came.source_version, came.credit, came.terms) == (
            ritual,
            1,
            "Rosa of the quay",
            "lineage",
        )
    assert leaves(cast.mira)[-1] == ("ritual.adopted", {"terms": "lineage", "version": 1})


def test_a_ritual_that_credits_nobody_credits_the_colony_it_is_learnt_from(cast: Cast, salt: Colony):
    plain = write(cast.lara, found(cast.lara))
    taken = adopt(cast.ayla, offer_of(cast.lara, plain), salt)
    assert text_of(cast.ayla, taken).credit == "Lamplighters"


def test_only_those_who_lead_offer_and_take_up(cast: Cast, ritual: Ritual, salt: Colony):
    with pytest.raises(Denied, match="lead this colony"):
        offer_of(cast.ayla, ritual)
    row = offer_of(cast.lara, ritual)
    with pytest.raises(Denied, match="lead this colony"):
        adopt(cast.lara, row, salt)


def test_a_ritual_is_offered_once_and_not_at_rest(cast: Cast, ritual: Ritual):
    with pytest.raises(Invalid, match="on which terms"):
        offer_of(cast.lara, ritual, terms="for money")
    offer_of(cast.lara, ritual)
    with pytest.raises(NotNow, match="offered already"):
        offer_of(cast.lara, ritual)


def test_a_colony_takes_up_neither_its_own_nor_the_same_twice(cast: Cast, ritual: Ritual, salt: Colony):
    row = offer_of(cast.lara, ritual)
    with pytest.raises(NotNow, match="already"):
        adopt(cast.lara, row, ritual.colony)
    adopt(cast.ayla, row, salt)
    with pytest.raises(NotNow, match="already"):
        adopt(cast.ayla, row, salt)


def test_a_withdrawn_offer_leaves_what_was_taken_up_and_its_lineage(cast: Cast, ritual: Ritual, salt: Colony):
    row = offer_of(cast.lara, ritual)
    taken = adopt(cast.ayla, row, salt)
    with inside(cast.lara):
        services.withdraw(by=cast.lara, row=row)
        services.withdraw(by=cast.lara, row=row)
        with pytest.raises(Http404):
            selectors.offer_for(cast.lara, row.pk)
        with pytest.raises(NotNow, match="withdrawn"):
            services.adopt(by=cast.lara, row=row, colony=ritual.colony)
        assert selectors.adoption_of(taken).source == ritual


def test_what_came_unchanged_stays_unchanged_and_is_given_on_unchanged(
    cast: Cast, ritual: Ritual, salt: Colony
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual, terms=Terms.UNCHANGED), salt)
    with pytest.raises(Invalid, match="stays as it is"):
        revise(cast.ayla, taken, replace(CREDITED, title="Dark"))
    with pytest.raises(Invalid, match="no more freely"):
        offer_of(cast.ayla, taken, terms=Terms.LINEAGE)
    offer_of(cast.ayla, taken, terms=Terms.UNCHANGED)


@pytest.mark.parametrize(
    ("text", "note", "field"),
    [
        (replace(CREDITED, title="Dark", credit=""), "Ours.", "credit"),
        (replace(CREDITED, title="Dark"), " ", "note"),
    ],
)
def test_a_change_keeps_the_credit_and_says_why(
    cast: Cast, ritual: Ritual, salt: Colony, text: RitualText, note: str, field: str
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    with pytest.raises(Invalid) as refused:
        revise(cast.ayla, taken, text, note)
    assert refused.value.field == field
    revise(cast.ayla, taken, replace(CREDITED, title="Dark", credit="Rosa of the quay, and Salt"))


def test_what_was_written_here_is_changed_freely(cast: Cast, ritual: Ritual):
    changed = replace(LAMP, title="Dark")
    revise(cast.lara, ritual, changed, note="")
    assert text_of(cast.lara, ritual) == changed


def test_the_lineage_is_a_tree_from_its_root_whichever_branch_one_asks(
    cast: Cast, ritual: Ritual, salt: Colony
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    revise(cast.ayla, taken, replace(CREDITED, title="Dark"))
    ferry = found(cast.lara, name="Ferry")
    again = adopt(cast.lara, offer_of(cast.ayla, taken), ferry)
    with inside(cast.mira):
        trees = [lineages.lineage_of(one).root for one in (ritual, taken, again)]

    def shape(branch: Branch) -> tuple:
        return (branch.ritual.title, branch.is_adapted, tuple(map(shape, branch.learnt)))

    expected = ("The lamp", False, (("Dark", True, (("Dark", False, ()),)),))
    assert [shape(tree) for tree in trees] == [expected] * 3


def cultures(by: Membership):
    with inside(by):
        return counting.standing_for(by).now


def test_a_guild_without_rituals_has_no_cultures_to_count(cast: Cast):
    assert cultures(cast.mira) is None


def test_taking_up_the_same_ritual_melts_two_cultures_into_one_and_adapting_it_parts_them(
    cast: Cast, ritual: Ritual, salt: Colony
):
    tea = write(cast.ayla, salt, TEA)
    apart = cultures(cast.mira).common.beta
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    with inside(cast.ayla):
        writing.lay_to_rest(by=cast.ayla, ritual=tea)
    melted = cultures(cast.mira).common.beta
    revise(cast.ayla, taken, replace(CREDITED, steps=(Step("song", "Hum three low notes together.", 60),)))
    adapted = cultures(cast.mira).common.beta
    assert (apart, melted) == (pytest.approx(2), pytest.approx(1))
    assert melted < adapted <= 2


def test_a_ritual_that_presses_out_what_was_kept_is_named_to_the_whole_guild(cast: Cast, client_of: SignIn):
    """Three colonies lay their own to rest for the same ritual of a fourth, and change nothing of it."""
    ritual = write(cast.lara, found(cast.lara), CREDITED)
    row = offer_of(cast.lara, ritual)
    for name in ("Salt", "Ferry", "Rope"):
        colony = found(cast.ayla, name=name)
        own = write(cast.ayla, colony, TEA)
        adopt(cast.ayla, row, colony)
        with inside(cast.ayla):
            Ritual.objects.filter(pk=own.pk).update(made_at=timezone.now() - timedelta(days=60))
            writing.lay_to_rest(by=cast.ayla, ritual=own)
    with inside(cast.mira):
        Ritual.objects.filter(pk=ritual.pk).update(made_at=timezone.now() - timedelta(days=60))
        said = counting.standing_for(cast.mira).notices
    assert [sentence.split(":")[0] for sentence in said] == [
        "The colonies of this guild are growing alike",
        "3 colonies have taken up “The lamp” within three months, and none of them changed it since",
    ]
    assert (
        "Something to talk about"
        in client_of(cast.mira).get("/g/lantern/exchange/diversity/").content.decode()
    )


def test_other_traditions_are_never_taken_for_one_because_their_words_are_alike(cast: Cast, salt: Colony):
    write(cast.lara, found(cast.lara), LAMP)
    write(cast.ayla, salt, LAMP)
    assert cultures(cast.mira).common.beta == pytest.approx(2)


def test_nights_weigh_only_where_five_people_stand_behind_them(cast: Cast, ritual: Ritual):
    other = write(cast.lara, ritual.colony, TEA)
    people = [cast.mira, cast.finn, cast.ezra, join(cast.lantern, "Noor", Office.DREAMER)]
    for member in people:
        come_in(member, ritual.colony, by=cast.lara)

    def keep(member: Membership, which: Ritual) -> None:
        night = reckoning_of(member.dreamer).night_of(timezone.now()) - timedelta(days=1)
        with inside(member):
            observing.observe(by=member, ritual=which, night=night, keeping="kept")

    for member in people:
        keep(member, ritual)
    four = cultures(cast.mira).common.gamma
    keep(cast.lara, ritual)
    keep(cast.lara, other)
    assert four == pytest.approx(2)
    assert cultures(cast.mira).common.gamma == pytest.approx(1 / ((5 / 6) ** (5 / 6) * (1 / 6) ** (1 / 6)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (LAMP.steps, LAMP.steps, 1.0),
        (LAMP.steps, (Step("tea", "Boil water"),), 0.0),
        ((Step("tea", "a b c d"),), (Step("tea", "a b c e"),), 0.75),
        ((Step("tea", "a b"), Step("song", "c d")), (Step("tea", "a b"),), pytest.approx(2 / 3)),
    ],
)
def test_likeness_is_by_steps_and_the_same_both_ways(one: tuple, other: tuple, expected: float):
    assert (alike(one, other), alike(other, one)) == (expected, expected)


def test_offering_taking_up_and_adapting_from_the_pages(
    cast: Cast, ritual: Ritual, salt: Colony, client_of: SignIn
):
    lara, ayla = client_of(cast.lara), client_of(cast.ayla)
    offered = {"terms": "lineage", "word": "Keep it dark."}
    lara.post(f"/g/lantern/rituals/{ritual.pk}/offer/", offered)
    page = ayla.get("/g/lantern/exchange/").content.decode()
    with inside(cast.ayla):
        row = selectors.offer_of(ritual)
    taking = f"/g/lantern/exchange/{row.pk}/"
    offered = ayla.get(taking).content.decode()
    assert ("Keep it dark." in page, taking in page, 'value="salt"' in offered) == (True, True, True)
    reply = ayla.post(f"/g/lantern/exchange/{row.pk}/adopt/", {"colony": "salt"}, follow=True)
    assert "Salt has taken it up" in reply.content.decode()
    with inside(cast.ayla):
        taken = Ritual.objects.get(colony_id=salt.pk)
    lineage = ayla.get(f"/g/lantern/rituals/{taken.pk}/lineage/").content.decode()
    assert ("where it begins here" in lineage, "as it came" in lineage) == (True, True)
    body = {"title": "Dark", "language": "en", "on": 1, "note": "", "credit": "Rosa of the quay", "steps": 1}
    body |= {"step-0-kind": "light", "step-0-text": "Out.", "step-0-place": 1}
    refused = ayla.post(f"/g/lantern/rituals/{taken.pk}/edit/", body)
    assert (refused.status_code, "Say what you changed and why" in refused.content.decode()) == (422, True)
    assert ayla.post(f"/g/lantern/rituals/{taken.pk}/edit/", body | {"note": "Shorter."}).status_code == 302


def test_the_exchange_is_read_with_the_same_number_of_queries(
    cast: Cast, ritual: Ritual, salt: Colony, client_of: SignIn, django_assert_num_queries
):
    client = client_of(cast.ayla)
    offer_of(cast.lara, ritual)
    for more in (0, 2):
        for count in range(more):
            offer_of(cast.lara, write(cast.lara, ritual.colony, replace(TEA, title=f"Tea {count}")))
        with django_assert_num_queries(17):
            assert client.get("/g/lantern/exchange/").status_code == 200
