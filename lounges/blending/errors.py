"""What can be wrong with what was handed to a blend. Every message is a sentence a person can act on."""


class BlendError(Exception):
    """A blend could not be made; nothing was computed and nothing was changed."""


class NoVoices(BlendError):
    def __init__(self) -> None:
        super().__init__("There is nothing to blend: ask at least one dreamer to lend a dream for blending.")


class TooManyVoices(BlendError):
    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            f"A session blends at most {limit} dreams and {count} were lent: blend them in smaller sessions."
        )


class DuplicateVoice(BlendError):
    def __init__(self, key: str) -> None:
        super().__init__(f"The contribution {key!r} was passed twice: pass each contribution once.")


class UnknownVoice(BlendError):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is no contribution {key!r} in this blend: ask only about the ones it was made of."
        )


class EmptyVoice(BlendError):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"The contribution {key!r} has no moments: leave it out, or ask its dreamer to write more."
        )


class MalformedVoice(BlendError):
    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"The contribution {key!r} cannot be blended: {problem}.")


class DepthOutOfRange(BlendError):
    def __init__(self, key: str, depth: float) -> None:
        super().__init__(
            f"The depth of the contribution {key!r} is {depth}: choose a number from 0 (untouched) to 1."
        )


class BadTerms(BlendError):
    def __init__(self, problem: str) -> None:
        super().__init__(f"These blend terms cannot be used: {problem}.")
