"""Text of others that is shown: what would steer a terminal, break a line, or turn the direction of writing is written as an escape."""

#: Marks and embeddings of right-to-left writing, and what has no width.
_INVISIBLE = {0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF}
_KEPT = {ord("\n"), ord("\t")}
_ESCAPES = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in {*range(0x20), *range(0x7F, 0xA0), *_INVISIBLE, *range(0xD800, 0xE000)} - _KEPT
}


def escaped(text: str) -> str:
    """A text without control characters, but for ends of lines and tabulators."""
    return text.translate(_ESCAPES)


def in_one_line(name: str) -> str:
    """A name of a file, without control characters at all."""
    return escaped(name).replace("\n", "\\n").replace("\t", "\\t")


def has_controls(name: str) -> bool:
    """Whether a name has characters that are no part of one: it would not be shown as it is."""
    return in_one_line(name) != name
