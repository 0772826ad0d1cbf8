"""Chromium for tests that look at pages: the machine's own, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def opened() -> Iterator[Browser]:
    """A headless browser. The test fails where none is installed, and says how to install one."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(
            f"no Chromium on this machine (looked for {', '.join(_NAMES)}): the report site is tested in a browser. On Debian: "
            "apt-get install chromium fonts-droid-fallback"
        )
    with sync_playwright() as playwright:
        # Without its sandbox, which needs rights that containers do not give; it opens only pages that the test wrote.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
