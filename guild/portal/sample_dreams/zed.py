"""Zed belongs to another guild; his dreams are there so that something exists which nobody here may see."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

ZED: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Zed",
        nights_ago=5,
        title="Orchard under glass",
        narrative=(
            "An orchard had been put under one enormous cloche and I had the job of wiping it from the "
            "inside. The breath of the trees kept fogging the patch that I had just done. A woman outside "
            "wrote on the glass with her finger, in reverse so that I could read it: which of you is the "
            "gardener? I pointed at the trees and she nodded and wrote that down. I picked an apple for "
            "her and there was no way to hand it through."
        ),
        ratings=Ratings(sadness=2, happiness=1),
        lucidity=0,
        vividness=3,
        recall=3,
        tags=("orchard", "glass"),
        people=("a woman outside",),
    ),
    SampleDream(
        dreamer="Zed",
        nights_ago=17,
        title="Rehearsal",
        narrative=(
            "Our choir was rehearsing in a multi-storey car park and each voice part had its own level. I "
            "was with the tenors on three. The conductor drove up and down between us with the window "
            "open, beating time on the roof. Whenever he passed we were magnificent, and as soon as he "
            "turned the ramp we could not find the note. I tried to remember it by parking it between two "
            "pillars. Somebody had been given a ticket for it when I got back."
        ),
        ratings=Ratings(happiness=2, apprehension=1),
        lucidity=1,
        vividness=3,
        recall=4,
        tags=("choir", "car park"),
        people=("the conductor",),
    ),
)
