"""Whatever is done to a guild behind the application's back, an audit finds and names."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from governance.audits.models import Finding
from tests.faults.audited_guild import (
    Place,
    Scene,
    as_superuser_in_the_applications_role,
    make_scene,
    names,
    sql,
    undone,
)
from tests.faults.manipulations import EVERY, MADE_AGAIN, TOGETHER
from tests.governance.audited import audit, standing

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def _database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), as_superuser_in_the_applications_role():
        yield


@pytest.fixture(scope="module")
def whole(_database: None) -> Iterator[Scene]:
    with undone():
        yield make_scene()


@pytest.fixture
def scene(whole: Scene, django_db_blocker: Any) -> Iterator[Scene]:
    """The guild, whole; what a test does to it is undone."""
    with django_db_blocker.unblock(), undone():
        yield whole


def test_there_are_enough_manipulations() -> None:
    assert len(EVERY) >= 40


def test_a_guild_that_nobody_tampered_with_gives_no_finding(scene: Scene) -> None:
    assert (scene.audit.state, scene.audit.failure, standing(scene.guild)) == ("finished", "", [])
    again, other = audit(scene.guild), audit(scene.harbour)
    assert (again.found, other.found, standing(scene.guild), standing(scene.harbour)) == (0, 0, [], [])
    assert again.checked["blends made again"] == 1


Found = tuple[dict[str, list[Place]], list[Finding]]
ALONE = [name for name in EVERY if name not in {one for names in TOGETHER.values() for one in names}]


@pytest.fixture(scope="module")
def together(whole: Scene, django_db_blocker: Any) -> Callable[[str], Found]:
    """All manipulations of a module of TOGETHER, and what one audit of them found."""

    @cache
    def of(module: str) -> Found:
        with django_db_blocker.unblock(), undone():
            done = {name: places(EVERY[name](whole)) for name in TOGETHER[module]}
            audit(whole.guild)
            return done, standing(whole.guild)

    return of


@pytest.mark.parametrize("name", ALONE)
def test_an_audit_finds_what_was_done_and_names_where(scene: Scene, settings: Any, name: str) -> None:
    settings.AUDIT_BLENDS_MADE_AGAIN = 5 if name in MADE_AGAIN else 0
    done = places(EVERY[name](scene))
    run = audit(scene.guild)
    assert (run.state, run.failure) == ("finished", "")
    assert missed(done, standing(scene.guild)) == []


@pytest.mark.parametrize(
    ("module", "name"), [(one, name) for one, names in TOGETHER.items() for name in names]
)
def test_an_audit_finds_what_was_done_together_with_others(
    together: Callable[[str], Found], module: str, name: str
) -> None:
    done, found = together(module)
    assert missed(done[name], found) == []


def places(done: Place | list[Place]) -> list[Place]:
    return done if isinstance(done, list) else [done]


def missed(done: list[Place], found: list[Finding]) -> list[tuple[Any, ...]]:
    """The places that no finding names, with what was found instead."""
    told = [(one.rule, one.leaf_index, one.table, one.row, one.expected, one.actual) for one in found]
    return [(place, told) for place in done if not names(found, place)]


def test_an_audit_whose_findings_are_not_kept_fails_and_says_so(scene: Scene) -> None:
    sql("CREATE RULE quiet AS ON INSERT TO oversight_finding DO INSTEAD NOTHING")
    run = audit(scene.guild)
    assert (run.state, standing(scene.guild)) == ("failed", [])
    assert "cannot be written down" in run.failure
