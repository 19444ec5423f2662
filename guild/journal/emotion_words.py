"""Words that name an emotion felt, by class and strength; written for this project from everyday English.

The classes are Hall and Van de Castle's (1966): apprehension takes in fear, shame, guilt and worry; confusion
takes in surprise and doubt. Only words that name a feeling are here. Words for things that merely happen in
dreams (a monster, a funeral, a kiss) are not: what a person felt about them is theirs to say. Words used more
often for something else (cross, mad scientist, upset stomach) are left out or held to a phrase.
"""

from guild.journal.enums import Emotion

# Strength 1: a shade of it; 2: plainly it; 3: overwhelming.
_WORDS: dict[Emotion, dict[int, str]] = {
    Emotion.ANGER: {
        1: """annoyed annoying annoyance irritated irritating irritation irritable impatient impatience
            grumpy frustrated frustrating frustration indignant indignation miffed peeved
            exasperated exasperation resentful resentment bitter bitterly jealous jealousy
            envious envy offended sulky sulking cranky disgusted disgust""",
        2: """angry angrily angrier anger angered mad hostile hostility outraged outrage provoked
            vengeful spiteful pissed contempt contemptuous despised hated hate hatred
            incensed ranting""",
        3: """furious furiously fury rage raging enraged livid seething infuriated infuriating wrath
            fuming""",
    },
    Emotion.APPREHENSION: {
        1: """worried worry worrying worriedly nervous nervously nervousness uneasy uneasily unease
            uneasiness upset upsetting concerned tense apprehensive apprehension wary
            embarrassed embarrassing embarrassment sheepish self-conscious awkward unsafe
            insecure sorry regret regretful jumpy edgy cautious unsettled unsettling
            disturbed disturbing creepy eerie stressed stress shy suspicious suspiciously""",
        2: """afraid scared scary scaring frightened frightening frighteningly fright fear feared
            fearful fearfully anxious anxiously anxiety ashamed shame guilty guilt
            guiltily remorse remorseful dread dreaded dreading alarmed alarming spooked
            mortified humiliated humiliating humiliation helpless threatened paranoid""",
        3: """terrified terrifying terror terrorised terrorized horrified horrifying horror panic
            panicked panicking panicky petrified aghast hysterical desperate desperately
            frantic frantically""",
    },
    Emotion.SADNESS: {
        1: """disappointed disappointing disappointment lonely loneliness wistful homesick gloomy
            melancholy melancholic unhappy unhappily nostalgic forlorn dejected downcast
            discouraged glum tearful teary longing heavy-hearted abandoned rejected
            unwanted""",
        2: """sad sadly sadder sadness sorrow sorrowful sorrowfully cry cried crying cries weeping wept
            weep sobbed sobs hurtful miserable misery depressed depressing depression
            hopeless hopelessness grief grieved grieving mourning mourned distressed
            distress""",
        3: """heartbroken heartbreaking heartbreak devastated devastating devastation despair despairing
            desolate anguish anguished inconsolable sobbing grief-stricken""",
    },
    Emotion.CONFUSION: {
        1: """surprised surprising surprisingly surprise puzzled puzzling unsure uncertain uncertainty
            doubtful curious undecided hesitant strange strangely odd oddly weird weirdly""",
        2: """confused confusing confusion baffled baffling bewildered bewildering bewilderment
            perplexed perplexing amazed amazing amazement astonished astonishing
            astonishment mystified disoriented disorientated torn dumbfounded""",
        3: """shocked shocking stunned stunning flabbergasted astounded dumbstruck""",
    },
    Emotion.HAPPINESS: {
        1: """pleased pleasing pleasant pleasantly glad gladly content contented contentment relaxed
            relaxing calm calmly calmness peaceful peacefully peace amused amusing
            amusement relieved relief comfortable comforting comforted hopeful satisfied
            satisfying satisfaction grateful gratefully safe cosy cozy enjoyed enjoying
            enjoy enjoyable fun tender tenderness serene smiling smiled laughed laughing
            laugh laughter giggled giggling smile grinning eager eagerly impressed""",
        2: """happy happily happier happiness cheerful cheerfully cheered joy joyful joyfully joyous
            delighted delight delightful proud proudly pride excited excitedly excitement
            exciting wonderful wonderfully loved loving thrilled playful merry elation""",
        3: """ecstatic ecstasy elated euphoric euphoria overjoyed exhilarated exhilarating exhilaration
            bliss blissful blissfully jubilant rapturous""",
    },
}


def _by_word() -> dict[str, tuple[Emotion, int]]:
    return {
        word: (emotion, strength)
        for emotion, strengths in _WORDS.items()
        for strength, words in strengths.items()
        for word in words.split()
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EMOTION_OF_WORD: dict[str, tuple[Emotion, int]] = _by_word()

# "no longer afraid", "wasn't really angry": how far back a negation reaches, within its clause.
NEGATION_REACH = 4
NEGATIONS = _words(
    """not no never nor neither none nobody without hardly barely scarcely nothing cannot dont didnt wasnt
    werent isnt arent doesnt couldnt wont cant havent hadnt hasnt wouldnt aint stopped"""
)
# "not only sad", "no wonder I was afraid": the word after lifts the negation.
NOT_NEGATED_AFTER = frozenset({"only", "just", "merely", "wonder", "doubt"})
CLAUSE_WORDS = _words("but although though however yet except because and then")

BOOSTERS = _words(
    """very really so extremely incredibly terribly absolutely completely totally utterly deeply intensely
    overwhelmingly such immensely"""
)
SOFTENERS = _words("slightly somewhat mildly little bit vaguely faintly fairly")

# The next word makes it something else: "happy birthday", "a mad scientist", "torn apart".
SOMETHING_ELSE_BEFORE: dict[str, frozenset[str]] = {
    "happy": frozenset({"birthday", "new", "hour"}),
    "mad": frozenset({"scientist", "about", "dash"}),
    "upset": frozenset({"stomach"}),
    "peace": frozenset({"sign", "treaty"}),
    "strangely": frozenset({"enough"}),
    "oddly": frozenset({"enough"}),
    "surprisingly": frozenset({"enough"}),
    "bitter": frozenset({"chocolate", "cold", "lemon", "taste"}),
    "bitterly": frozenset({"cold"}),
    "torn": frozenset({"apart", "up", "off", "out", "jeans"}),
    "fun": frozenset({"fair"}),
    "amusement": frozenset({"park", "arcade"}),
    "surprise": frozenset({"party"}),
    "loved": frozenset({"one", "ones"}),
    "safe": frozenset({"deposit"}),
    "content": frozenset({"of"}),
    "horror": frozenset({"movie", "movies", "film", "films"}),
    "scary": frozenset({"movie", "movies", "film", "films"}),
    "panic": frozenset({"button"}),
    "stress": frozenset({"ball"}),
}
# The word before does: "opened the safe", "the content".
SOMETHING_ELSE_AFTER: dict[str, frozenset[str]] = {
    "safe": frozenset({"the", "a"}),
    "content": frozenset({"the", "its"}),
}
