"""Text from elsewhere made fit for a person's terminal."""

from __future__ import annotations

import unicodedata

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NAMES = {"\ufeff": "byte order mark"}  # Unicode calls it a zero width no-break space


def legible(text: str, keeps_lines: bool = False) -> str:
    """Return the text with control characters escaped and other invisible ones named.

    A terminal acts upon the former (colours, cursor, bell), and the latter hide what is there or turn it round.

    Args:
        text: From a server, a file or an environment.
        keeps_lines: Whether line ends and tabs stay what they are.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or (keeps_lines and character in "\n\t") else _shown(character)
        for character in text
    )


def _shown(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if unicodedata.category(character) == "Cc":
        return f"\\x{code:02x}"
    name = _NAMES.get(character) or unicodedata.name(character, "").lower()
    return f"<U+{code:04X} {name}>" if name else f"<U+{code:04X}>"
