"""The address and the key of a service come from the environment or a file, and errors never show a key."""

from pathlib import Path

import pytest

from tasks.contract.service import Key
from tasks.fetch.endpoint import endpoint_of, setting_name
from tests.support.small_source import Small
from warehouse.errors import SettingError

AS_HEADER = Key(header="X-Api-Key")


def test_address_and_key_come_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENTREPOT_TEST_SMALL_KEY", raising=False)
    (tmp_path / ".env").write_text(
        "ENTREPOT_TEST_SMALL_KEY=from-a-file\nENTREPOT_TEST_SMALL_URL=https://mirror.example/api/\n"
    )
    found = endpoint_of(Small("https://example.org", AS_HEADER))
    assert found.url == "https://mirror.example/api"
    assert found.key is not None
    assert found.key.get_secret_value() == "from-a-file"
    assert "from-a-file" not in repr(found) + str(found) + repr(vars(found))
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", "from-the-environment")
    found = endpoint_of(Small("https://example.org", AS_HEADER))
    assert found.key is not None
    assert found.key.get_secret_value() == "from-the-environment"


def test_names_of_settings() -> None:
    assert setting_name("worldbank.wdi", "URL") == "ENTREPOT_WORLDBANK_WDI_URL"
    assert setting_name("uncomtrade", "KEY") == "ENTREPOT_UNCOMTRADE_KEY"


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://u:pw-secret@example.org",
        "https://e.org/?key=pw-secret",
        "http://a:b:c",
    ],
)
def test_an_invalid_address_is_an_error_that_does_not_show_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_URL", url)
    with pytest.raises(SettingError, match=r"^ENTREPOT_TEST_SMALL_URL ") as told:
        endpoint_of(Small("https://example.org"))
    assert "pw-secret" not in str(told.value)


@pytest.mark.parametrize("secret", ["two\nlines-0123", "schlüssel-0123"])
def test_an_invalid_key_is_an_error_that_does_not_show_it(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", secret)
    with pytest.raises(SettingError, match=r"^ENTREPOT_TEST_SMALL_KEY contains characters that no key has") as told:
        endpoint_of(Small("https://example.org", AS_HEADER))
    assert "0123" not in str(told.value)
