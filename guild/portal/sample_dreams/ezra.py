"""Ezra writes as if for the record: orderly, exact, a little dry."""

from guild.journal.records import Ratings
from guild.portal.sample_dreams.record import SampleDream

EZRA: tuple[SampleDream, ...] = (
    SampleDream(
        dreamer="Ezra",
        nights_ago=9,
        title="Inspection of a house",
        narrative=(
            "I was asked to certify that a house had seven rooms. I counted eight. The eighth lay behind "
            "the pantry, measured about two metres by three, and contained a bath with the water running. "
            "It had run over and was descending the stairs at an even rate of one step a minute. I asked "
            "who held the key. A woman said that it had gone down with the water and that I might follow "
            "it. I signed for seven and was ashamed. The water had by then reached my shoes."
        ),
        ratings=Ratings(apprehension=3, confusion=2),
        lucidity=0,
        vividness=4,
        recall=4,
        tags=("water", "stairs", "house", "key"),
        people=("a woman",),
        circle=True,
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=4,
        title="The tribunal of clocks",
        narrative=(
            "Twelve clocks sat in judgement over a thirteenth, which had been fast. I was clerk. The "
            "accused showed no remorse and struck the quarter during my summing-up. Each member of the "
            "tribunal delivered the same opinion at slightly different moments, so that the verdict took "
            "four minutes to finish. It was to be set back. I carried out the sentence myself with my "
            "thumb and felt the small resistance of it. Nobody had told me that it would look at me."
        ),
        ratings=Ratings(sadness=2, apprehension=1),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("clock", "court"),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=13,
        title="Audit at sea",
        narrative=(
            "I had to audit a lighthouse. The keeper produced his books: thirty years of flashes, each "
            "entered by hand. On nine nights the entry read 'did not feel like it'. I asked whether ships "
            "had been lost on those nights. He said that on those nights the ships had put out lamps of "
            "their own, and that it had been very pretty. There is no column for that. I spent the "
            "remainder of the dream ruling one."
        ),
        ratings=Ratings(happiness=3),
        lucidity=0,
        vividness=3,
        recall=4,
        tags=("sea", "lamp", "work"),
        people=("the keeper",),
        places=("a lighthouse",),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=22,
        title="My brother's dog gives evidence",
        narrative=(
            "My brother's dog, who in life is not articulate, told me in a low voice where it had buried "
            "the minutes of the March meeting. Its grammar was old-fashioned. I gave it my word that it "
            "would not be named. Then I dug where it had said, beneath the pear tree, and found instead "
            "every umbrella I have ever left on a train, eleven of them, furled and dry. The dog said: "
            "well, those as well. I was angry for about a minute."
        ),
        ratings=Ratings(anger=1, happiness=2),
        vividness=3,
        recall=3,
        tags=("dog", "train", "lost things"),
        people=("my brother",),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=33,
        title="Examination of a witness by rain",
        narrative=(
            "The witness would answer only while it rained, so the hearing was held in a courtyard under "
            "an open sky. I had prepared sixty questions. The rain came in bursts and she used each burst "
            "to describe the same meal: lentils, a lemon, a blue dish. I understood that this was "
            "responsive although I could not have said to which question. When it stopped she put up her "
            "hand and we all waited, forty people, quite wet, and content to."
        ),
        ratings=Ratings(happiness=2, confusion=2),
        lucidity=0,
        vividness=4,
        recall=3,
        tags=("rain", "court"),
        people=("a witness",),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=46,
        title="The wrong sleeping car",
        narrative=(
            "I woke, in the dream, in a sleeping car assigned to a different man. His name was on the "
            "door and his shoes were under the berth, one size smaller than mine. The attendant addressed "
            "me by that name and brought his breakfast. I objected three times, in order, and was each "
            "time believed and each time served. By the border I had begun to answer to it. I was very "
            "uneasy. The shoes, when I finally tried them, fitted."
        ),
        ratings=Ratings(apprehension=3, confusion=3),
        lucidity=1,
        vividness=3,
        recall=4,
        kind="nightmare",
        tags=("train", "name"),
        people=("the attendant",),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=57,
        title="Weighing",
        narrative=(
            "A market hall. I stood behind a brass balance and people brought me things that could not be "
            "weighed: an echo, a promise to a cousin, the colour of a particular gate. My instructions "
            "were to weigh them all the same and to issue a ticket. I noticed that the pointer moved for "
            "the promise. I wrote two hundred and ten grams. The man thanked me and said that he had "
            "thought it would be more."
        ),
        ratings=Ratings(sadness=2),
        lucidity=0,
        vividness=3,
        recall=3,
        tags=("market", "work"),
    ),
    SampleDream(
        dreamer="Ezra",
        nights_ago=70,
        title="Daydream in the reading room",
        narrative=(
            "Between two files, with eyes open. The reading room filled with snow from the floor up, "
            "silently, to the height of the table lamps, and every reader went on reading. I could see "
            "the green shades standing on the white like small islands. An owl walked from one to "
            "another. I knew the clerk would ask me afterwards whether I had seen it and that I would say "
            "I had been working."
        ),
        ratings=Ratings(happiness=2),
        lucidity=4,
        vividness=3,
        recall=4,
        kind="daydream",
        tags=("snow", "lamp", "birds"),
        places=("the reading room",),
    ),
)
