"""What Still Water keeps."""

from colonies.rituals.texts import RitualText, Step

EVENING_BATH = RitualText(
    title="The evening bath",
    intention="To arrive in bed already warm, with the day outside the water.",
    tradition="Evening bathing, as it is kept in many Japanese homes",
    source="Learnt by Finn as a lodger in Kanazawa: one washes first, and the water is for whoever comes "
    "after too.",
    credit="The household in Kanazawa",
    contraindications="Not too hot, and not alone, with heart trouble, low blood pressure, in pregnancy, "
    "or after drinking. Stop if you feel faint.",
    steps=(
        Step("washing", "Wash and rinse outside the bath, all of you, until the water runs clear.", 480),
        Step(
            "silence",
            "Lie in water that is warm and not hot. Say nothing; there is nobody to be clever for.",
            720,
        ),
        Step("preparing", "Cover the water for the next one, and dry the floor.", 120),
        Step(
            "light",
            "Go to bed by the smallest light there is. You are cooling down now, and that brings sleep.",
            300,
        ),
    ),
)

KINDNESS = RitualText(
    title="Kindness in the dark",
    intention="To fall asleep wishing somebody well.",
    tradition="Loving-kindness, as taught in Theravada Buddhist practice",
    source="From an evening sitting that is open to all. The wording is our own; the order of people is as "
    "it was taught.",
    credit="The teachers of that sitting, who asked not to be named",
    contraindications="If wishing yourself well hurts, begin with somebody who is easy to love, and stop "
    "there.",
    steps=(
        Step("breath", "Lie down. Let three breaths go out longer than they came in.", 45),
        Step("gratitude", "Wish yourself to be safe, and at ease, in words of your own.", 90),
        Step("gratitude", "Wish the same to somebody you love.", 90),
        Step("gratitude", "Then to somebody you passed today and do not know.", 90),
        Step("gratitude", "Then, if it can be done tonight, to somebody with whom it is hard.", 90),
        Step("silence", "Let the words go on by themselves, or stop.", 120),
    ),
)

LOOKING_BACK = RitualText(
    title="Five looks back",
    intention="To see the day once more before it is gone, without a mark for it.",
    tradition="The examen of Ignatian practice, kept here without its prayers",
    source="Mira has it from a Jesuit school; those who pray say their own prayers where they belong.",
    credit="A teacher in Bilbao",
    contraindications="On a day of grief or quarrel, keep only the first look and the last.",
    steps=(
        Step("silence", "Find the place where you are, and that the day is over.", 30),
        Step("gratitude", "Look for one thing that was given to you today.", 60),
        Step("silence", "Let the day go by from morning on, as if from a train.", 180),
        Step("silence", "Look at one moment that you would do again otherwise. Only look.", 60),
        Step("writing", "Write one line for tomorrow, and close the book.", 90),
    ),
)
