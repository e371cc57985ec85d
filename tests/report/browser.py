"""A real browser for the tests of pages: headless Chromium, driven by selenium; skipped loudly where it is missing."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# Without these Chromium asks hosts of its maker for things, and a page that needs no network would be hard to tell.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--allow-file-access-from-files",
)  # fmt: skip


def require_browser() -> None:
    """Skips the test, with the reason, where there is no browser."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            skip_loudly(f"{program} is not installed (Debian: chromium, chromium-driver)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import selenium  # noqa: F401
    except ImportError:
        skip_loudly("selenium is not installed")


def skip_loudly(reason: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"NOT CHECKED IN A BROWSER: {reason}", UserWarning, stacklevel=2)
    pytest.skip(reason)


@contextmanager
def browser(profile: Path, *, dark: bool = False) -> Iterator[Any]:
    """A browser with a new profile, with every message of its console kept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        yield driver
    finally:
        driver.quit()


def resize(driver: Any, width: int, height: int = 900) -> None:
    """A viewport of exactly this size, as a phone has it."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def requested(driver: Any) -> list[str]:
    """Every address that the page has asked for since the last call."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
