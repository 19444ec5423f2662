"""What guided mode shows, for how long, and the worker that keeps it."""

from django.test import Client

from colonies.rituals.pacing import PacedStep, paced
from colonies.rituals.texts import Step
from tests.cast import Cast
from tests.colonies.colony import found, write


def test_a_step_stays_for_its_length_and_never_shorter_than_it_takes_to_read():
    long, short, free = Step("story", "word " * 90, 30), Step("light", "Out.", 45), Step("song", "Hum.", 0)
    assert paced((long, short, free)) == (PacedStep(long, 60), PacedStep(short, 45), PacedStep(free, 80))


def test_every_step_is_on_the_page_for_whoever_has_no_scripts(cast: Cast, client_of):
    ritual = write(cast.lara, found(cast.lara))
    page = client_of(cast.mira).get(f"/g/lantern/rituals/{ritual.pk}/guided/").content.decode()
    assert ("Put out the lamp" in page, 'data-seconds="60"' in page) == (True, True)


def test_the_worker_is_a_script_that_anybody_may_read(db: None):
    reply = Client().get("/guided-worker.js")
    assert (reply.status_code, reply["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "style-src" not in reply.get("Content-Security-Policy", "")
