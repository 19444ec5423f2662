"""Finn writes short, in the past tense, and wants to know how things worked."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

FINN: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Finn",
        nights_ago=9,
        title="Pump room",
        narrative=(
            "Was sent down to look at a pump under a block of flats. Stairs went on for longer than the "
            "building. Ankle-deep water on every step, warm, moving upward, which I noted as a fault. At "
            "the bottom there was a living room, set for tea, with the pump in the middle under a cloth. "
            "Old man said they had not had that room last week. The gauge read a name instead of a "
            "number. I topped up the oil. Nobody could find me the key to sign out."
        ),
        ratings=Ratings(confusion=3, apprehension=1),
        lucidity=0,
        vividness=3,
        recall=3,
        tags=("water", "stairs", "work"),
        people=("old man",),
        circle=True,
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=1,
        title="Bees in the rack",
        narrative=(
            "Server rack at work was full of bees. Not broken, just bees. Response times were excellent. "
            "My supervisor wanted them labelled by Friday so I was writing very small numbers with a very "
            "small pen. One bee refused and I respected that. Then a school party came through and I had "
            "to explain latency to them with honey. Woke up still holding the pen hand shut. Slightly "
            "disappointed by the real rack."
        ),
        ratings=Ratings(happiness=3, sadness=1),
        lucidity=0,
        vividness=4,
        recall=4,
        tags=("bees", "work"),
        people=("my supervisor", "a school party"),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=12,
        title="Ferry, no engine",
        narrative=(
            "Ferry across somewhere. No engine: two hundred people on bicycles below deck, pedalling. "
            "Noise like rain. I walked the rows with an oil can. My dad was in row nine in his good "
            "jacket and would not look up, because he was counting. He has been dead six years. I oiled "
            "his chain and he said ta. That was all. We docked and everyone cycled off up the hill and I "
            "could not see which one was him."
        ),
        ratings=Ratings(sadness=4, happiness=1),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("ferry", "bicycle", "father"),
        people=("my dad",),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=20,
        title="Warranty",
        narrative=(
            "Took my left knee back to the shop. Woman at the counter said the warranty covered squeaking "
            "but not weather. She lent me a replacement, brass, nice finish, wrong thread. Spent the rest "
            "of the dream in a market looking for an adaptor. Everyone had a drawer of adaptors. Everyone "
            "was sure. None fitted, though one of them played a tune. Not upset. More irritated in a "
            "holiday sort of way."
        ),
        ratings=Ratings(anger=2, happiness=1),
        vividness=2,
        recall=3,
        tags=("market", "repair"),
        people=("woman at the counter",),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=27,
        title="Aerial",
        narrative=(
            "I was on the roof adjusting an aerial so the street could dream in colour. Could hear them "
            "through the slates: left a bit, left, no, back. Mrs Okell at 14 only wanted the shipping "
            "forecast. A goose landed and improved the signal, so I held the goose. It was heavier than "
            "expected and quite calm. Realised at some point that I was asleep and that this was a decent "
            "use of it. Stayed until morning."
        ),
        ratings=Ratings(happiness=3),
        lucidity=3,
        vividness=3,
        recall=3,
        tags=("birds", "roof", "lucid"),
        people=("Mrs Okell",),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=39,
        title="Night shift in the museum of switches",
        narrative=(
            "Museum with nothing in it but switches, floor to ceiling. My job was to leave them alone. "
            "Around four I heard one click somewhere in the east wing. Walked the whole wing with a torch "
            "and found a lad of about ten, terrified, hand still up. He said he had turned off the sound. "
            "He had, too: I could see him say it but that was how I learned it. We looked for hours. "
            "Every switch I tried was weather."
        ),
        ratings=Ratings(apprehension=3, confusion=2),
        lucidity=0,
        vividness=4,
        recall=3,
        kind="nightmare",
        tags=("museum", "silence"),
        people=("a boy",),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=52,
        title="Same queue",
        narrative=(
            "The queue again. Third time this year. Tarmac, a rope, people I half know from jobs. We "
            "shuffle forward and each of us gets handed a lit lamp and told to mind the wind. I never see "
            "who is handing them out. This time I got nearly to the front and turned round to let a woman "
            "with a pram go first. That put me at the back. I was not even annoyed, it seemed like the "
            "rule."
        ),
        ratings=Ratings(confusion=1),
        lucidity=1,
        vividness=2,
        recall=2,
        kind="recurring",
        tags=("queue", "lamp"),
    ),
    SampleDream(
        dreamer="Finn",
        nights_ago=66,
        title="Train set",
        narrative=(
            "Small one. My nephew's train set ran under the sofa and came out carrying things we had "
            "lost: a glove, a passport, a fork. He was delighted. I kept moving the sofa to see the "
            "tunnel. No tunnel. Then it brought out a full-size railway clock, ticking, ten minutes slow, "
            "and after that it would not go under any more. We had to tell his mother about the clock."
        ),
        ratings=Ratings(happiness=2, apprehension=1),
        vividness=3,
        recall=2,
        tags=("train", "clock", "lost things"),
        people=("my nephew", "his mother"),
    ),
)
