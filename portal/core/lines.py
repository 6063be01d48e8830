"""Text that others have sent."""


def one_line(text: str) -> str:
    """On one line, and nothing in it that cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
