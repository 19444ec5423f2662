"""Whatever is done to a guild behind the application's back, an audit finds and names."""

from collections.abc import Iterator
from typing import Any

import pytest

from governance.oversight.rules import rule
from tests.faults.audited_guild import (
    Scene,
    as_superuser_in_the_applications_role,
    make_scene,
    names,
    undone,
)
from tests.faults.manipulations import EVERY, MADE_AGAIN
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


@pytest.mark.parametrize("name", EVERY)
def test_an_audit_finds_what_was_done_and_names_where(scene: Scene, settings: Any, name: str) -> None:
    settings.AUDIT_BLENDS_MADE_AGAIN = 5 if name in MADE_AGAIN else 0
    done = EVERY[name](scene)
    run = audit(scene.guild)
    found = standing(scene.guild)
    told = [(one.rule, one.leaf_index, one.table, one.row, one.expected, one.actual) for one in found]
    assert (run.state, run.failure) == ("finished", "")
    for place in done if isinstance(done, list) else [done]:
        assert names(found, place), (place, told)
    for finding in found:
        assert finding.severity == rule(finding.rule).severity
