"""Ayla writes in the present tense, about rooms and light."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

AYLA: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Ayla",
        nights_ago=9,
        title="The extra landing",
        narrative=(
            "I am in the house on Moss Lane and there is one landing too many. The stairs go up past my "
            "old bedroom to a floor I have never drawn, with a low window and grey linoleum. Water is "
            "coming down the steps in a thin sheet, slowly, and it leaves the carpet dry behind it. I "
            "take the measurements with my hands because I have forgotten the tape. Somebody below says a "
            "name that is nearly mine, Isla or Ilya, and I decide not to answer until I know how deep the "
            "room is."
        ),
        ratings=Ratings(apprehension=1, confusion=2, happiness=1),
        lucidity=1,
        vividness=4,
        recall=3,
        tags=("stairs", "water", "house"),
        places=("Moss Lane",),
        circle=True,
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=2,
        title="Model of a theatre",
        narrative=(
            "A client has ordered a theatre for forty people and I am building the model out of bread. "
            "The crust makes very good balconies. Every time I turn round, the gulls have eaten the left "
            "wing, so I rotate the plan and begin again on the other side. The client telephones to ask "
            "whether the acoustics are finished. I press my ear to the loaf and hear an orchestra tuning, "
            "quite far away, and I tell her yes, nearly."
        ),
        ratings=Ratings(anger=1, happiness=3),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("bread", "birds", "work"),
        people=("the client",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=16,
        title="Corridor with one lamp",
        narrative=(
            "There is a corridor in which a single lamp moves along the ceiling on a rail, and we have to "
            "keep pace with it or walk in the dark. My sister is ahead, reading from a seed catalogue. "
            "She reads the Latin names and I translate them into the names of streets where we lived. "
            "When the lamp stops, we stop. I notice there are no doors, only the marks where doors were, "
            "and I feel entirely patient about it."
        ),
        ratings=Ratings(happiness=2, confusion=1),
        lucidity=1,
        vividness=3,
        recall=2,
        tags=("lamp", "corridor"),
        people=("my sister",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=23,
        title="Tide table",
        narrative=(
            "I share an office with the sea. It comes in at eleven and at four, and we put our feet on "
            "the desks. A colleague I do not recognise keeps the tide table taped inside a cupboard and "
            "is cross when I use pencil on it. Today the water brings a wardrobe with all its hangers "
            "still in it. I am supposed to sign for the wardrobe. The form asks for my mother's "
            "handwriting, and I find that I can do it."
        ),
        ratings=Ratings(sadness=2, confusion=1),
        vividness=4,
        recall=3,
        tags=("sea", "work", "water"),
        people=("my mother",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=31,
        title="Window seat",
        narrative=(
            "The night train has a room in it, an ordinary sitting room with a rug, and nobody else has "
            "noticed. I know this is a dream because the fields outside have page numbers. I sit in the "
            "window seat and turn the landscape backwards to see a barn again. It is even better the "
            "second time. Then the guard comes for the tickets and I give him a spoon, and he punches it "
            "without complaint."
        ),
        ratings=Ratings(happiness=4),
        lucidity=3,
        vividness=4,
        recall=4,
        tags=("train", "lucid", "room"),
        people=("the guard",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=44,
        title="Survey",
        narrative=(
            "I am surveying a field for a building that the guild voted for and then forgot. The "
            "theodolite shows the field as it was in summer although I stand in snow. Two children hold "
            "the far pole and keep walking away with it, perfectly straight, out of politeness. By "
            "evening the site is nine miles long. I write the figure down and underline it. I am worried "
            "about the cost of the roof, and about telling Lara."
        ),
        ratings=Ratings(apprehension=2),
        lucidity=0,
        vividness=2,
        recall=3,
        tags=("field", "snow", "work"),
        people=("Lara",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=58,
        title="The key in the plaster",
        narrative=(
            "While sanding a wall I find a key set flat in the plaster, and under it a smaller key, and "
            "under that only the shape of one. I follow them with my thumbnail from room to room. The "
            "keys are warm. My grandmother sits on a packing case with her coat on and says I should stop "
            "before I reach the kitchen, because she has just cleaned it. I laugh so much that the dust "
            "gets into my eyes and I wake with them streaming."
        ),
        ratings=Ratings(happiness=3, sadness=1),
        lucidity=0,
        vividness=3,
        recall=3,
        kind="recurring",
        tags=("key", "house", "grandmother"),
        people=("my grandmother",),
    ),
    SampleDream(
        dreamer="Ayla",
        nights_ago=73,
        title="",
        narrative=(
            "Only one image, from the edge of sleep. A staircase seen from directly above, unrolling like "
            "the peel of an apple in one piece. Each step has a number chalked on it and the numbers are "
            "house numbers, ours among them. I hear the peel land on a plate. After that I am awake and "
            "the rain has begun."
        ),
        vividness=4,
        recall=2,
        kind="hypnagogic",
        tags=("stairs", "rain"),
    ),
)
