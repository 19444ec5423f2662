"""What the Lamplighters keep. Each says where it comes from as one does in life: by place and practice."""

from colonies.rituals.texts import RitualText, Step, Wording

HOUSE_TO_BED = RitualText(
    title="Putting the house to bed",
    intention="So that what was left open today is closed by somebody, and not by the dark.",
    tradition="Harbour houses of the North Atlantic",
    source="Kept in households on the quay, where somebody was always still out on the water. Told by "
    "Lara, who has it from her grandmother.",
    credit="The women of the northern quay",
    contraindications="Use an electric lamp where there are children, oxygen, or curtains near the window.",
    steps=(
        Step(
            "preparing",
            "Go through the rooms in the order in which the sun left them. Close what is open.",
            240,
        ),
        Step("silence", "In the last room, say the name of everybody who is not home tonight.", 60),
        Step(
            "light",
            "Put out every lamp but the one in the window. That one is for them; leave it until you lie "
            "down.",
            60,
            "One light, in one window.",
        ),
        Step("gratitude", "Lay a hand on the door and thank it for the day.", 20),
    ),
)

MATE = RitualText(
    title="La última ronda",
    intention="Que el día se termine conversado, y no de golpe.",
    tradition="Rueda de mate del Río de la Plata",
    source="Como se hace en muchas casas de Montevideo, con el agua ya tibia.",
    credit="Una casa del puerto de Montevideo",
    language="es",
    contraindications="Con mate de noche hay quien no duerme: después de las ocho, que sea de manzanilla o "
    "cedrón.",
    steps=(
        Step("tea", "Una persona ceba. Nadie más toca la pava.", 120),
        Step("story", "Cada quien, cuando le toca, cuenta una cosa del día que no le contó a nadie.", 600),
        Step("silence", "Cuando alguien dice gracias, no vuelve a tomar. Se lo deja ir.", 0),
        Step("preparing", "Quien cebó da vuelta el mate y lo deja secar con la boca hacia abajo.", 30),
    ),
)

THE_LAST_ROUND = Wording(
    language="en",
    title="The last round",
    intention="That the day ends talked through, and not all at once.",
    contraindications="Mate keeps some people awake: after eight, let it be chamomile or lemon verbena.",
    step_texts=(
        "One person pours. Nobody else touches the kettle.",
        "Each, when the cup comes round, tells one thing of the day that they have told nobody.",
        "Whoever says thank you drinks no more. They are let go.",
        "Whoever poured turns the gourd over and leaves it to dry, mouth down.",
    ),
)
