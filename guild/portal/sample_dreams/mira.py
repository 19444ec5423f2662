"""Mira writes as she wakes: unsure, talking to herself, not minding the commas."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

MIRA: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Mira",
        nights_ago=9,
        title="the attic that was downstairs",
        narrative=(
            "ok so it was our flat but with stairs, and the attic was at the bottom. mum said just go "
            "down and shut the tap off. i went down and the steps were wet and sort of soft and at the "
            "end there was this whole other room, with our furniture but from before, the brown sofa. the "
            "tap was a telephone. i picked it up and somebody said Mina? and i said nearly. water came "
            "out of the listening part, only a bit. i wasn't scared, i think i was sorry i'd never been "
            "down there."
        ),
        ratings=Ratings(sadness=2, confusion=2),
        lucidity=0,
        vividness=3,
        recall=3,
        tags=("water", "stairs", "home"),
        people=("mum",),
        circle=True,
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=1,
        title="library card",
        narrative=(
            "something about a library where you borrow smells. i had an overdue one, cut grass i think? "
            "or the inside of my primary school. the librarian was a heron, very tall, very disappointed. "
            "she said other people are waiting for that. i tried to breathe it back out into the jar and "
            "couldn't tell if any went in. i felt so guilty. then there's a gap. then i was on a bus with "
            "the jar in my lap and everybody on the bus was smiling with their eyes shut."
        ),
        ratings=Ratings(apprehension=2, happiness=2),
        lucidity=0,
        vividness=3,
        recall=2,
        tags=("library", "birds", "bus"),
        people=("the librarian",),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=6,
        title="Jonah's wedding but underwater",
        narrative=(
            "Jonah was getting married at the swimming baths, the deep end was the church. we all had to "
            "hold our breath for the vows. I had the ring in my shoe. every time I came up for air I'd "
            "missed a bit and had to ask the lady next to me and she'd say, oh, he's just told them about "
            "your bike. what about my bike! I never found out. there was cake, dry somehow. I woke up "
            "really quite annoyed with him, poor man, he isn't even engaged."
        ),
        ratings=Ratings(anger=2, happiness=2),
        lucidity=0,
        vividness=4,
        recall=3,
        tags=("water", "wedding", "bicycle"),
        people=("Jonah",),
        places=("the swimming baths",),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=14,
        title="",
        narrative=(
            "can't hold it. a blue door in a hedge? and someone had left the radio on behind it, and i "
            "was late for something but a nice something. i had bread under my arm. that's all there is. "
            "the feeling is bigger than the dream, if that makes sense, it lasted till lunch."
        ),
        ratings=Ratings(happiness=3),
        vividness=1,
        recall=1,
        tags=("door", "bread"),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=21,
        title="ticket machine",
        narrative=(
            "i was at a station buying a ticket and the machine kept asking personal questions. like, WHO "
            "TAUGHT YOU TO WHISTLE. i put my grandad and it accepted that. then WHAT DID YOU DO WITH THE "
            "KEY and i honestly didn't know and there was a queue behind me getting restless. a man said "
            "just put 'lost', everyone puts 'lost'. so i did and it printed a ticket as long as a scarf. "
            "i wound it round my neck and got on. it was warm."
        ),
        ratings=Ratings(apprehension=2, happiness=2, confusion=1),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("train", "key", "queue"),
        people=("a man in the queue",),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=30,
        title="I knew it was one",
        narrative=(
            "halfway along the canal i looked at my hands and there were the right number of fingers but "
            "in the wrong order and i went, oh! it's one of those. so i tried to make the lamps come on "
            "and they did, one by one, all the way to the lock. i was so pleased. i thought i'd bring my "
            "sister there to show her and turned round and she was there already, eating chips, not "
            "impressed. she said you always do the lamps. do i?"
        ),
        ratings=Ratings(happiness=4, confusion=1),
        lucidity=4,
        vividness=4,
        recall=4,
        tags=("lamp", "canal", "lucid"),
        people=("my sister",),
        places=("the canal",),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=41,
        title="the man who sold weather",
        narrative=(
            "a man came to the door selling weather out of a suitcase, and I was alone in the house and "
            "didn't want to be rude. he had a fog folded up like a tablecloth. I said we'd got some "
            "thanks. he kept his foot there, not nasty, just resting. I was afraid of him and also I "
            "quite wanted the fog. then I noticed it was already in the hall, up to the coat hooks, and "
            "he was gone and his suitcase wasn't."
        ),
        ratings=Ratings(apprehension=3),
        lucidity=0,
        vividness=4,
        recall=3,
        kind="nightmare",
        tags=("fog", "door", "stranger"),
        people=("a salesman",),
    ),
    SampleDream(
        dreamer="Mira",
        nights_ago=55,
        title="moving the piano again",
        narrative=(
            "the piano one. i have it maybe twice a year. we're carrying the piano up somebody's stairs, "
            "me and people from work, and it's always the same turn where it sticks. this time Dev said "
            "let's play it here then, so he did, sideways, and neighbours came out to listen, sitting on "
            "the steps above us. nobody could get past. i remember thinking, well that's that, we live "
            "here now. i was happy? my arms really ached."
        ),
        ratings=Ratings(happiness=2, confusion=1),
        lucidity=1,
        vividness=3,
        recall=3,
        kind="recurring",
        tags=("piano", "stairs", "work"),
        people=("Dev", "people from work"),
    ),
)
