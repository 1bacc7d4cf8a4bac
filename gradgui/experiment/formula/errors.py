"""What is wrong with a formula, and where."""

LONGEST_QUOTE = 40


class FormulaError(ValueError):
    """A formula that cannot be accepted.

    Parameters
    ----------
    message
        One sentence for a person: what is wrong and what would be right.
    position
        Index into the typed text (from 0) where a mark belongs; at most its length.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"column {self.position + 1}: {self.message}"


def quoted(text: str) -> str:
    """Give a piece of a formula for an error's sentence, cut to `LONGEST_QUOTE` characters."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
