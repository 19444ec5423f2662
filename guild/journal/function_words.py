"""English words that carry no content of their own: they are never a term of a moment."""

_WORDS = """
a about above after again against all almost along already also although always am among an and another any
anybody anyone anything anyway are aren't around as at away back be became because become been before began
behind being below beside between both but by came can can't cannot come could couldn't did didn't do does
doesn't doing don't done down during each either else end even ever every everybody everyone everything few
for found from gave get gets getting go goes going gone got had hadn't has hasn't have haven't having he he'd
he'll he's her here hers herself him himself his how however i i'd i'll i'm i've if in instead into is isn't
it it'd it's its itself just keep kept kind knew know known last later least left less let like look looked
looking looks lot made make makes making many may maybe me might mine more most much must my myself near never
next no nobody none nor not nothing now of off often on once one ones only onto or other others otherwise our
ours out over own part perhaps put quite rather really right said same saw say saying says see seem seemed
seems seen several shall she she'd she'll she's should shouldn't since so some somebody somehow someone
something sometimes somewhere soon sort still such take taken tell than that that's the their theirs them
themselves then there there's these they they'd they're they've thing things think this those though thought
through till to together told too took toward towards tried try trying turned under until up upon us used very
want wanted was wasn't way we we'd we're we've well went were weren't what what's when where whether which
while who who's whole whom whose why will with within without won't would wouldn't yes yet you you'd you'll
you're you've your yours yourself
dream dreamed dreaming dreams dreamt remember woke wake awake
"""

FUNCTION_WORDS: frozenset[str] = frozenset(_WORDS.split())
