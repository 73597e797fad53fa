"""The browser's files: fetched once, hashed, and each hashed module imports hashed modules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from smedash.local.checkout import ROOT
from smedash.management.commands.assets import WANTED


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own, collected once: compressing takes seconds, and most of them for the libraries' (bin/up, which
    tests/smedash/local starts, collects these too).
    """
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "smedash.storage.StaticStorage"}}
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(STATIC_ROOT=folder, STORAGES=storages, STATICFILES_FINDERS=finders):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_collected_modules_import_hashed_modules(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    ours = {name: hashed for name, hashed in names.items() if name.startswith("js/")}
    hashed_names = {Path(hashed).name for hashed in ours.values()}
    imports = 0
    for hashed in ours.values():
        for target in re.findall(
            r"""\bfrom\s*["']\./([^"']+)["']""", (collected / hashed).read_text(encoding="utf-8")
        ):
            assert Path(target).name in hashed_names, f"{hashed} imports {target}"
            imports += 1
    assert imports


def test_css_names_hashed_files(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    font = Path(names["vendor/inter-latin.woff2"]).name
    texts = [
        (collected / hashed).read_text(encoding="utf-8")
        for name, hashed in names.items()
        if name.endswith(".css")
    ]
    assert any(font in text for text in texts)


def test_large_files_are_compressed_beforehand(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    chart = collected / names["vendor/chart.js"]
    assert chart.with_name(f"{chart.name}.br").stat().st_size < chart.stat().st_size / 2
    assert chart.with_name(f"{chart.name}.gz").exists()


def test_what_is_fetched_is_locked_by_hash_and_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name.removeprefix("node_modules/"): facts for name, facts in lock["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert not any("resolved" in facts for facts in packages.values())
    assert all(any(source.startswith(f"{name}/") for name in packages) for source in WANTED)


def test_assets_that_are_there_are_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM", "false")
    call_command("assets")
    assert {path.name for path in (ROOT / "var" / "vendor").iterdir()} >= set(WANTED.values())


def test_without_a_network_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    sentence = r"Chart\.js and the Inter font could not be downloaded.* reason: connect ECONNREFUSED"
    with pytest.raises(CommandError, match=sentence), override_settings(BASE_DIR=tmp_path):
        call_command("assets")
    assert not (tmp_path / "var").exists()


def test_npm_trusts_whom_the_system_trusts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A company's proxy shows certificates of its own, which Node's list does not know."""
    npm = tmp_path / "npm"
    npm.write_text('#!/bin/sh\necho "system: $NODE_USE_SYSTEM_CA" >&2\nexit 1\n')
    npm.chmod(0o755)
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setenv("NPM", str(npm))
    with pytest.raises(CommandError, match="npm said: system: 1"), override_settings(BASE_DIR=tmp_path):
        call_command("assets")
