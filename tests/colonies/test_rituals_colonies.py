"""Colonies from founding to archiving: who comes in, leads and leaves, and what the ledger says of it."""

from dataclasses import replace

import pytest
from django.http import Http404

from colonies.rituals import belonging, selectors, services, writing
from colonies.rituals.enums import Admission, Part, Standing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Belonging, Colony, RitualVersion
from colonies.rituals.services import About
from colonies.rituals.texts import Step, Wording
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.colonies.colony import LAMP, come_in, found, inside, write


def parts(colony: Colony, by) -> dict[str, str]:
    """Who belongs, and as what."""
    with inside(by):
        return {row.membership.display_name: row.part for row in selectors.company_of(colony).belonging}


def leaves(by) -> list[tuple[str, dict]]:
    with inside(by):
        return [
            (leaf.kind, dict(decode(bytes(leaf.entry)).detail)) for leaf in Leaf.objects.order_by("index")
        ]


def test_whoever_founds_a_colony_leads_it(cast: Cast):
    colony = found(cast.lara)
    assert parts(colony, cast.mira) == {"Lara": Part.LEADER}
    assert leaves(cast.lara) == [("colony.founded", {"admission": "request"})]


@pytest.mark.parametrize("name", ["finn", "ezra", "mira"])
def test_only_colony_leaders_and_stewards_found_colonies(cast: Cast, name: str):
    with pytest.raises(Denied, match="Only a colony leader or a steward"):
        found(getattr(cast, name))


def test_a_name_that_is_taken_or_none_is_refused(cast: Cast):
    found(cast.lara)
    for name, sentence in {"Lamplighters": "already", "  ": "few words", "夜": "letter or digit"}.items():
        with pytest.raises(Invalid, match=sentence):
            found(cast.ayla, name=name)


def test_an_open_colony_is_joined_at_once_and_joining_twice_is_joining_once(cast: Cast):
    colony = found(cast.lara, admission=Admission.OPEN)
    for _ in range(2):
        with inside(cast.mira):
            belonging.join(by=cast.mira, colony=colony)
    assert parts(colony, cast.mira) == {"Lara": Part.LEADER, "Mira": Part.MEMBER}
    assert [kind for kind, _ in leaves(cast.mira)] == ["colony.founded", "colony.joined"]


def test_a_colony_by_request_is_asked_and_its_leader_lets_in(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.mira):
        row = belonging.join(by=cast.mira, colony=colony)
        assert row.standing == Standing.ASKED
    with inside(cast.finn), pytest.raises(Denied, match="lead this colony"):
        belonging.answer(by=cast.finn, belonging=row, let_in=True)
    with inside(cast.lara):
        belonging.answer(by=cast.lara, belonging=row, let_in=True)
        with pytest.raises(NotNow, match="answered already"):
            belonging.answer(by=cast.lara, belonging=row, let_in=False)
    assert parts(colony, cast.mira)["Mira"] == Part.MEMBER


def test_whoever_is_declined_may_ask_again(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.mira):
        row = belonging.join(by=cast.mira, colony=colony)
    with inside(cast.lara):
        belonging.answer(by=cast.lara, belonging=row, let_in=False)
    with inside(cast.mira):
        assert belonging.join(by=cast.mira, colony=colony).pk != row.pk


def test_a_colony_by_invitation_is_closed_to_whoever_is_not_invited(cast: Cast):
    colony = found(cast.lara, admission=Admission.INVITATION)
    with inside(cast.mira), pytest.raises(Denied, match="invited"):
        belonging.join(by=cast.mira, colony=colony)
    come_in(cast.mira, colony, by=cast.lara)
    assert parts(colony, cast.mira)["Mira"] == Part.MEMBER


def test_inviting_whoever_has_asked_lets_them_in(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.mira):
        belonging.join(by=cast.mira, colony=colony)
    with inside(cast.lara):
        assert belonging.invite(by=cast.lara, colony=colony, member=cast.mira).standing == Standing.IN


def test_nobody_of_another_guild_or_who_has_left_is_invited(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.lara):
        end_membership(membership=cast.finn)
        cast.finn.refresh_from_db()
        for member in (cast.zed, cast.finn):
            with pytest.raises(Invalid, match="member of this guild"):
                belonging.invite(by=cast.lara, colony=colony, member=member)


def test_an_invitation_is_declined_without_a_leaf(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.lara):
        belonging.invite(by=cast.lara, colony=colony, member=cast.mira)
    with inside(cast.mira):
        belonging.decline(by=cast.mira, colony=colony)
        assert selectors.belonging_of(colony, cast.mira) is None
    assert [kind for kind, _ in leaves(cast.mira)] == ["colony.founded"]


def test_a_new_leader_makes_the_one_before_a_co_leader(cast: Cast):
    colony = found(cast.lara)
    come_in(cast.mira, colony, by=cast.lara)
    with inside(cast.lara):
        row = selectors.belonging_of(colony, cast.mira)
        belonging.give_part(by=cast.lara, belonging=row, part=Part.LEADER)
    assert parts(colony, cast.mira) == {"Mira": Part.LEADER, "Lara": Part.CO_LEADER}


def test_a_steward_names_a_leader_and_a_plain_member_does_not(cast: Cast):
    colony = found(cast.lara)
    come_in(cast.mira, colony, by=cast.lara)
    with inside(cast.lara):
        belonging.leave(by=cast.lara, colony=colony)
        row = selectors.belonging_of(colony, cast.mira)
    with inside(cast.mira), pytest.raises(Denied, match="steward"):
        belonging.give_part(by=cast.mira, belonging=row, part=Part.LEADER)
    with inside(cast.ayla):
        belonging.give_part(by=cast.ayla, belonging=row, part=Part.LEADER)
    assert parts(colony, cast.mira) == {"Mira": Part.LEADER}


def test_when_the_leader_leaves_the_longest_co_leader_leads(cast: Cast):
    colony = found(cast.lara)
    for member in (cast.mira, cast.finn):
        come_in(member, colony, by=cast.lara)
        with inside(cast.lara):
            row = selectors.belonging_of(colony, member)
            belonging.give_part(by=cast.lara, belonging=row, part=Part.CO_LEADER)
    with inside(cast.lara):
        belonging.leave(by=cast.lara, colony=colony)
    assert parts(colony, cast.mira) == {"Mira": Part.LEADER, "Finn": Part.CO_LEADER}


def test_whoever_does_not_belong_cannot_leave(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.mira), pytest.raises(Denied, match="do not belong"):
        belonging.leave(by=cast.mira, colony=colony)


@pytest.mark.parametrize(("take_off", "left"), [(True, [None]), (False, ["Lara"])])
def test_leaving_takes_ones_name_off_if_one_likes(cast: Cast, take_off: bool, left: list):
    colony = found(cast.lara)
    write(cast.lara, colony)
    with inside(cast.lara):
        belonging.leave(by=cast.lara, colony=colony, take_name_off=take_off)
        versions = RitualVersion.objects.select_related("author")
        assert [row.author and row.author.display_name for row in versions] == left
        row = Belonging.objects.get()
        assert (row.standing, row.ended_at is not None) == (Standing.LEFT, True)
    assert leaves(cast.lara)[-1] == ("colony.left", {"name_taken_off": take_off})


def test_whoever_has_left_the_guild_leads_nothing(cast: Cast):
    colony = found(cast.lara)
    with inside(cast.lara):
        end_membership(membership=cast.lara)
        assert selectors.resource_of(colony).attributes["leaders"] == []
    assert parts(colony, cast.mira) == {}


def test_an_archived_colony_is_read_and_not_kept(cast: Cast):
    colony = found(cast.lara, admission=Admission.OPEN)
    write(cast.lara, colony)
    with inside(cast.lara):
        services.archive(by=cast.lara, colony=colony)
        colony.refresh_from_db()
        with pytest.raises(Denied, match="archived"):
            writing.write(by=cast.lara, colony=colony, text=LAMP)
        with pytest.raises(NotNow, match="archived already"):
            services.archive(by=cast.lara, colony=colony)
    with inside(cast.mira):
        assert len(selectors.rituals_of(selectors.colony_for(cast.mira, colony.slug))) == 1
        with pytest.raises(Denied, match="archived"):
            belonging.join(by=cast.mira, colony=colony)
    with inside(cast.lara):
        services.reopen(by=cast.lara, colony=colony)
        colony.refresh_from_db()
        writing.write(by=cast.lara, colony=colony, text=LAMP)


def test_a_change_says_which_parts_changed_and_never_what(cast: Cast):
    colony = found(cast.lara)
    about = About(name="Lamplighters", charter="We put out one lamp each.", admission=Admission.OPEN)
    with inside(cast.lara):
        services.change(by=cast.lara, colony=colony, about=about)
        services.change(by=cast.lara, colony=colony, about=about)
    assert leaves(cast.lara)[1:] == [
        ("colony.changed", {"admission": "open", "changed": ["admission", "charter"]})
    ]


def test_a_ritual_keeps_every_version_it_had(cast: Cast):
    colony = found(cast.lara)
    ritual = write(cast.lara, colony)
    louder = replace(LAMP, steps=(*LAMP.steps, Step("song", "Hum until it is dark.")))
    with inside(cast.lara):
        writing.revise(by=cast.lara, ritual=ritual, text=louder, note="Silence was too long.", on=1)
        rows = [(row.number, row.text, row.note) for row in selectors.versions_of(ritual)]
    assert rows == [(2, louder, "Silence was too long."), (1, LAMP, "")]
    assert leaves(cast.lara)[1:] == [
        ("ritual.written", {"text": LAMP.digest, "version": 1}),
        ("ritual.written", {"text": louder.digest, "version": 2}),
    ]


def test_a_version_written_over_an_older_one_is_refused_and_so_is_no_change(cast: Cast):
    ritual = write(cast.lara, found(cast.lara))
    with inside(cast.lara):
        with pytest.raises(Invalid, match="Nothing is changed"):
            writing.revise(by=cast.lara, ritual=ritual, text=LAMP, note="", on=1)
        writing.revise(by=cast.lara, ritual=ritual, text=replace(LAMP, title="Dark"), note="", on=1)
        with pytest.raises(NotNow, match="Somebody else"):
            writing.revise(by=cast.lara, ritual=ritual, text=replace(LAMP, title="Dusk"), note="", on=1)


def test_a_translation_is_read_in_its_language_until_a_newer_version_has_none(cast: Cast):
    colony = found(cast.lara)
    come_in(cast.mira, colony, by=cast.lara)
    ritual = write(cast.lara, colony)
    wording = Wording("pt", "A lâmpada", ("Apaga a lâmpada.",))
    with inside(cast.mira):
        version = selectors.newest_of(ritual)
        writing.translate(by=cast.mira, version=version, wording=wording)
        writing.translate(by=cast.mira, version=version, wording=replace(wording, title="A luz"))
        assert selectors.reading_of(ritual, language="pt").translation.title == "A luz"
    with inside(cast.lara):
        writing.revise(by=cast.lara, ritual=ritual, text=replace(LAMP, title="Dark"), note="", on=1)
        assert selectors.reading_of(ritual, language="pt").translation is None
        assert selectors.reading_of(ritual, number=1, language="pt").translation.title == "A luz"
    with inside(cast.finn), pytest.raises(Denied, match="belong"):
        writing.translate(by=cast.finn, version=version, wording=wording)


def test_a_ritual_is_laid_to_rest_and_taken_up_again(cast: Cast):
    ritual = write(cast.lara, found(cast.lara))
    with inside(cast.lara):
        with pytest.raises(NotNow, match="being kept"):
            writing.wake(by=cast.lara, ritual=ritual)
        writing.lay_to_rest(by=cast.lara, ritual=ritual)
        with pytest.raises(NotNow, match="at rest already"):
            writing.lay_to_rest(by=cast.lara, ritual=ritual)
        writing.wake(by=cast.lara, ritual=ritual)
    assert [kind for kind, _ in leaves(cast.lara)[2:]] == ["ritual.rested", "ritual.woken"]


def test_a_version_that_is_not_there_is_not_found(cast: Cast):
    ritual = write(cast.lara, found(cast.lara))
    with inside(cast.lara):
        for number in (0, 2, 2**63):
            with pytest.raises(Http404):
                selectors.version_of(ritual, number)


def test_colonies_are_listed_with_the_same_number_of_queries(cast: Cast, django_assert_num_queries):
    found(cast.lara)
    with inside(cast.mira), django_assert_num_queries(1):
        list(selectors.colonies_for(cast.mira))
    for name in ("Salt", "Ferry"):
        write(cast.lara, found(cast.lara, name=name))
    with inside(cast.mira), django_assert_num_queries(1):
        rows = list(selectors.colonies_for(cast.mira))
    assert [(row.name, row.keepers, row.rituals) for row in rows] == [
        ("Ferry", 1, 1),
        ("Lamplighters", 1, None),
        ("Salt", 1, 1),
    ]
