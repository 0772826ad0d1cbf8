"""A key is found in texts and in bytes that arrive in pieces."""

from tasks.fetch.redact import KeyDetector, Redactor


def test_a_key_split_between_two_pieces_is_detected() -> None:
    data = b"x" * 100 + b"secret-0123" + b"y" * 100
    for cut in range(len(data)):
        detector = KeyDetector(b"secret-0123")
        assert detector.is_key_in(data[:cut]) or detector.is_key_in(data[cut:])
    detector = KeyDetector(b"secret-0123")
    assert any(detector.is_key_in(bytes([byte])) for byte in data)


def test_without_a_key_nothing_is_changed() -> None:
    assert Redactor(None).redact("text") == "text"
    assert not Redactor(None).detector().is_key_in(b"text")
