"""What After Dark keeps."""

from colonies.rituals.texts import RitualText, Step

STORY = RitualText(
    title="A story for after dark",
    intention="So that the day's own story is not the last one heard.",
    tradition="Evening storytelling as it is known among Akan families in Ghana",
    source="Ezra grew up with it: such stories are for after sunset, whoever listens answers, and the "
    "teller says at the end that the tale was sweet or not, and hands it on.",
    credit="Ezra's aunt",
    contraindications="With small children, no story in which somebody is left alone in the dark.",
    steps=(
        Step("song", "The teller calls, and the listeners answer that they are here.", 30),
        Step(
            "story", "Tell a story that is not about today. Whoever knows it may break in with a song.", 900
        ),
        Step("silence", "The teller gives the story away: whoever wants it may tell it next.", 30),
    ),
)

BEDDING = RitualText(
    title="Shaking out the bed",
    intention="To lie down in a place that has been made clean and made yours.",
    tradition="An evening custom of many Muslim homes, kept here without its words of prayer",
    source="From a neighbour's family in Fez. There it is done with prayer; whoever prays does so.",
    credit="The neighbour's father, who was asked",
    steps=(
        Step("washing", "Wash your hands, your mouth, your face, your arms, your feet.", 180),
        Step("preparing", "Shake out the bedding three times, over the side of the bed.", 45),
        Step("silence", "Lie down on your right side, one hand under your cheek.", 120),
    ),
)

FORGIVING = RitualText(
    title="Letting people off",
    intention="To take nobody's debt into the night.",
    tradition="After the forgiving before sleep that is said in many Jewish homes",
    source="Kept by Ayla's neighbours; the words here are not the blessing and do not stand for it.",
    credit="Ayla's neighbours",
    contraindications="Nobody needs to forgive what harmed them. Leave out whoever it is not time for.",
    steps=(
        Step("breath", "Sit on the edge of the bed. Breathe until you have arrived.", 45),
        Step("silence", "Think of who annoyed you today. Let them off, one by one, as far as you can.", 180),
        Step("silence", "Think of whom you annoyed. Choose one to whom you will say so tomorrow.", 90),
        Step("light", "Put out the light as if you closed a ledger.", 15),
    ),
)

WORRIES = RitualText(
    title="The worry page",
    intention="To leave tomorrow's work on a page, where it can wait.",
    tradition="Sleep clinics: an hour set apart for worry, early in the evening",
    source="From the group programme that Finn went through; the page is from there, the drawer is ours.",
    credit="The Tuesday group",
    contraindications="Keep it at least an hour before bed, and sitting at a table. If a worry is about "
    "your safety, tell somebody tonight.",
    steps=(
        Step("writing", "Divide a page in two. On the left, write what keeps coming back.", 300),
        Step(
            "writing",
            "On the right, beside each, write the next small thing that could be done, or: nothing.",
            300,
        ),
        Step("preparing", "Put the page into a drawer and close it. It is tomorrow's now.", 30),
    ),
)
