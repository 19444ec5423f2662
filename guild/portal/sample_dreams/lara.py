"""Lara writes in long breaths, full of people, songs and food."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

LARA: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Lara",
        nights_ago=9,
        title="Supper in the flooded house",
        narrative=(
            "We were all having supper at my grandmother's and the water had come up as far as the third "
            "stair and nobody minded, we just lifted our plates. The children were floating the bread to "
            "each other. There was a room behind the dresser that I had never been in, and it was full of "
            "chairs, as though they had always expected more of us. Someone upstairs kept calling a name, "
            "and every one of us thought it was ours and called back yes. I was so happy that I was "
            "frightened of it. Then the lamps went out one after another, gently, like people leaving."
        ),
        ratings=Ratings(happiness=4, apprehension=1, sadness=1),
        lucidity=0,
        vividness=4,
        recall=4,
        tags=("water", "stairs", "grandmother", "supper"),
        people=("my grandmother", "the children"),
        circle=True,
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=3,
        title="The song with the missing line",
        narrative=(
            "I was teaching the colony the goodnight song and when we got to the fourth line there was no "
            "fourth line, only a sort of step down where it should be, and everybody stepped. So I went "
            "round the village asking for it. The baker had heard it once. A man up a ladder knew the "
            "tune of it but wanted a pear in exchange. I carried the pear about until it was too soft to "
            "give to anyone, and when I sat down and ate it the line came, and I had my mouth full."
        ),
        ratings=Ratings(happiness=2, sadness=1),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("song", "colony", "village"),
        people=("the baker", "a man on a ladder"),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=11,
        title="Forty coats",
        narrative=(
            "It was the winter gathering and I had to find my coat on a bed under everybody else's coats "
            "and each one I lifted had somebody's whole evening in the pockets, ticket stubs, walnuts, a "
            "letter starting dear. I did not read the letter but I read the dear several times. My aunt "
            "Rosa came in and lay down on the pile like she used to at parties, and said leave it, love, "
            "you will be warm enough. She smelt of oranges. I stood there crying with my arms full of "
            "sleeves."
        ),
        ratings=Ratings(sadness=3, happiness=2),
        lucidity=0,
        vividness=4,
        recall=3,
        tags=("coats", "winter", "aunt"),
        people=("aunt Rosa",),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=18,
        title="Geese at the station",
        narrative=(
            "We had brought all the little ones to the station to see the geese off, because the geese "
            "were going by rail this year. They had labels. One of the children wanted to know whether "
            "they were sad and the stationmaster said madam, they are geese, but he was wiping his eyes. "
            "The train was late and then it was so late that we made soup. I remember thinking that this "
            "was a tradition now and I would have to write it down and who should be credited."
        ),
        ratings=Ratings(happiness=3),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("birds", "train", "children"),
        people=("the stationmaster", "the children"),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=26,
        title="",
        narrative=(
            "Just a bit of one. My daughter was small again and had drawn a map on the kitchen floor in "
            "flour, and I was not allowed to step on any of the countries. I went round the edge with the "
            "washing basket. She said that one is where you go when you are on the phone. I wanted to "
            "kneel down and look at it properly but the flour was moving a little, breathing in and out, "
            "and I did not like to."
        ),
        ratings=Ratings(sadness=2, apprehension=2),
        vividness=3,
        recall=2,
        tags=("map", "kitchen", "daughter"),
        people=("my daughter",),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=37,
        title="Two bakeries",
        narrative=(
            "There were two bakeries facing each other across our lane and I owned both and was furious "
            "with myself for undercutting me. I kept running over the road in my apron to complain. In "
            "one I was older and had a very good oven. We agreed in the end, she and I, that she would do "
            "mornings, and I stood in the lane at noon with flour to the elbows and no idea which door to "
            "go in by. A dog was waiting with a coin in its mouth, being so polite about it."
        ),
        ratings=Ratings(anger=3, confusion=2, happiness=1),
        lucidity=1,
        vividness=3,
        recall=3,
        tags=("bread", "lane", "dog"),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=49,
        title="The hill that wanted company",
        narrative=(
            "A hill followed us home from the picnic. It did it very slowly, so that we kept thinking we "
            "had imagined it, and my brother said do not feed it. By bedtime it was at the end of the "
            "garden with its sheep still on it. I went out in my slippers and sang to it, the long one "
            "with all the verses, and felt it settle. In the morning, in the dream, there was a dent in "
            "the lawn and I missed it terribly."
        ),
        ratings=Ratings(happiness=2, sadness=2),
        lucidity=0,
        vividness=3,
        recall=3,
        tags=("hill", "song", "garden"),
        people=("my brother",),
    ),
    SampleDream(
        dreamer="Lara",
        nights_ago=61,
        title="Counting the children",
        narrative=(
            "I had taken the colony across a frozen lake and on the other side I counted the children and "
            "there were too many. Eleven had gone and fourteen had come, and I could not tell which three "
            "were new because they all held up their mittens and said me. I was frightened, and ashamed "
            "that I did not know. We lit lamps and looked at every face. In the end I decided we would "
            "simply take fourteen home, and there were enough beds, and that was the part that scared me "
            "most."
        ),
        ratings=Ratings(apprehension=4, confusion=2),
        lucidity=0,
        vividness=4,
        recall=4,
        kind="nightmare",
        tags=("ice", "children", "lamp", "colony"),
        people=("the children",),
        places=("a frozen lake",),
    ),
)
