"""Text from elsewhere made fit for a person's terminal, in the words that pgagent uses for it."""

from __future__ import annotations

import unicodedata

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Unicode has no names for controls, only aliases, which Python's tables lack.
_CONTROLS = (
    "null, start of heading, start of text, end of text, end of transmission, enquiry, acknowledge, alert, backspace, "
    "character tabulation, line feed, line tabulation, form feed, carriage return, shift out, shift in, "
    "data link escape, device control one, device control two, device control three, device control four, "
    "negative acknowledge, synchronous idle, end of transmission block, cancel, end of medium, substitute, escape, "
    "information separator four, information separator three, information separator two, information separator one"
)
_ALIASES = {
    **{chr(code): name for code, name in enumerate(_CONTROLS.split(", "))},
    "\x7f": "delete",
    "\x85": "next line",
    "\ufeff": "byte order mark",
}

# Letters and marks that show as nothing, which `isprintable` takes for printable.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def legible(text: str, keeps_lines: bool = False) -> str:
    """Return the text with control characters and other invisible ones named.

    A terminal acts upon the former (colours, cursor, bell), and the latter hide what is there or turn it round.

    Args:
        text: From a server, a file or an environment.
        keeps_lines: Whether line ends and tabs stay what they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if (character.isprintable() and character not in _BLANK) or (keeps_lines and character in "\n\t")
        else _shown(character)
        for character in text
    )


def _shown(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    name = _ALIASES.get(character) or unicodedata.name(character, "").lower()
    return f"<U+{ord(character):04X} {name}>" if name else f"<U+{ord(character):04X}>"
