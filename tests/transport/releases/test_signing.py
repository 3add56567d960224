"""Whoever has the public key proves with tools of their own that a release, or a file of it, is what was published."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from catalog.errors import BadSetting, WrongUse
from catalog.tables.datasets import DATASETS
from tests.transport.releases.test_store import contents
from transport.releases.signing import Verifier
from transport.releases.store import Content, Releases

NOW = "2026-03-05T08:00:00+00:00"
OPENSSL = shutil.which("openssl") or pytest.skip("not run: needs openssl", allow_module_level=True)


def openssl(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([OPENSSL, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture
def keys(tmp_path) -> tuple[Path, Path]:
    """A key as the documentation makes it, and its public half."""
    private, public = tmp_path / "signing.pem", tmp_path / "signing.pub"
    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    return private, public


@pytest.fixture
def releases(home, keys) -> Releases:
    return Releases(home.settings.but(signing_key=keys[0]))


@pytest.fixture
def release(releases):
    return releases.publish("2026-03-05.1", contents(1), lambda _told: [], {"published_at": NOW}, parent=None)


def test_a_release_is_proven_by_the_publishers_key_and_by_no_other(releases, release, keys, tmp_path):
    other = tmp_path / "other"
    openssl("genpkey", "-algorithm", "ed25519", "-out", other)
    openssl("pkey", "-in", other, "-pubout", "-out", f"{other}.pub")
    assert releases.verify(release.name) == []
    assert releases.verify(release.name, signed=Verifier.of(keys[1])) == []
    (wrong,) = releases.verify(release.name, signed=Verifier.of(Path(f"{other}.pub")))
    assert release.manifest["signed_by"] in wrong
    both = tmp_path / "both.pub"
    both.write_bytes(Path(f"{other}.pub").read_bytes() + keys[1].read_bytes())
    assert releases.verify(release.name, signed=Verifier.of(both)) == []


def test_who_changes_a_file_and_the_manifest_to_match_is_found_out_by_the_signature(releases, release, keys):
    file = release.folder / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    changed = {k: v for k, v in manifest.items() if k not in {"digest", "signature"}}
    changed["published_at"] = "2026-03-06T08:00:00+00:00"
    text = json.dumps(changed, sort_keys=True, separators=(",", ":"))
    changed["digest"] = hashlib.sha256(text.encode()).hexdigest()
    file.write_text(json.dumps({**changed, "signature": manifest["signature"]}))
    assert releases.verify(release.name) == []
    assert releases.verify(release.name, signed=Verifier.of(keys[1])) != []
    file.write_text(json.dumps(changed))
    assert releases.verify(release.name, signed=Verifier.of(keys[1])) == ["manifest.json: not signed"]


def test_an_older_release_under_another_name_and_a_link_among_its_files_are_found_out(
    releases, release, keys, tmp_path
):
    signed = Verifier.of(keys[1])
    shutil.copytree(release.folder, releases.folder / "2026-03-09.1")
    assert releases.verify("2026-03-09.1", signed=signed) == ["manifest.json: of release 2026-03-05.1"]
    (tmp_path / "forged").mkdir()
    (release.folder / "parquet/usage.count_day/2026-04-01").symlink_to(tmp_path / "forged")
    assert releases.verify(release.name, signed=signed) == ["parquet/usage.count_day/2026-04-01: not in the manifest"]


@pytest.mark.parametrize("listed", ["SHA256SUMS", "SHA256SUMS.ledger"])
def test_openssl_and_sha256sum_prove_each_file_that_somebody_got(release, keys, listed):
    sums = release.folder / listed

    def verified() -> bool:
        words = ("-verify", "-pubin", "-inkey", keys[1], "-rawin", "-in", sums, "-sigfile", f"{sums}.sig")
        return openssl("pkeyutl", *words).returncode == 0

    def checked() -> int:
        words = ["sha256sum", "--check", "--ignore-missing", "--status", listed]
        return subprocess.run(words, cwd=release.folder, check=False).returncode

    assert (verified(), checked()) == (True, 0)
    database = {"SHA256SUMS": "dif.duckdb", "SHA256SUMS.ledger": "ledger.duckdb"}[listed]
    (release.folder / database).write_bytes(b"other")
    assert checked() == 1
    sums.write_text(sums.read_text() + "0" * 64 + "  more\n")
    assert not verified()


def test_the_open_list_names_nothing_of_the_ledgers_and_together_they_name_every_file(release):
    named = {
        listed: {line.split("  ")[1] for line in (release.folder / listed).read_text().splitlines()}
        for listed in ("SHA256SUMS", "SHA256SUMS.ledger")
    }
    assert named["SHA256SUMS"] == {"RELEASE", "dif.duckdb", "parquet/usage.count_day/part.parquet"}
    assert "ledger.duckdb" in named["SHA256SUMS.ledger"]
    signatures = {name for name in release.manifest["files"] if name.startswith("SHA256SUMS")}
    assert len(signatures) == 4
    assert named["SHA256SUMS"] | named["SHA256SUMS.ledger"] == set(release.manifest["files"]) - signatures


def test_no_list_has_the_hash_of_exact_counts_whose_readers_are_fewer_than_the_lists(releases):
    exact = DATASETS["usage.connection_exact_month"]
    counts = [Content(exact, table=exact.arrow_schema.empty_table())]
    release = releases.publish("2026-03-05.1", counts, lambda _told: [], {"published_at": NOW}, parent=None)
    file = f"parquet/{exact.name}/part.parquet"
    sha256 = release.manifest["files"][file]["sha256"]
    assert sha256 == hashlib.sha256((release.folder / file).read_bytes()).hexdigest()
    listed = "".join((release.folder / name).read_text() for name in ("SHA256SUMS", "SHA256SUMS.ledger"))
    assert "dif.duckdb" in listed
    assert sha256 not in listed


@pytest.mark.parametrize("listed", ["SHA256SUMS", "SHA256SUMS.ledger"])
def test_each_list_proves_which_release_it_is_of(releases, release, listed):
    later = {"published_at": "2026-03-06T08:00:00+00:00"}
    second = releases.publish("2026-03-06.1", contents(2), lambda _told: [], later, parent=release.name)
    assert (second.folder / "RELEASE").read_text() == (
        "release: 2026-03-06.1\nparent: 2026-03-05.1\npublished_at: 2026-03-06T08:00:00+00:00\n"
    )
    words = ["sha256sum", "--check", "--strict", "--ignore-missing", "--status", listed]
    assert subprocess.run(words, cwd=second.folder, check=False).returncode == 0
    shutil.copyfile(release.folder / "RELEASE", second.folder / "RELEASE")
    assert subprocess.run(words, cwd=second.folder, check=False).returncode == 1


def test_a_list_of_another_release_and_a_manifest_with_its_files_is_found_out(releases, release):
    later = {"published_at": "2026-03-06T08:00:00+00:00"}
    second = releases.publish("2026-03-06.1", contents(2), lambda _told: [], later, parent=release.name)
    shutil.copyfile(release.folder / "SHA256SUMS.ledger", second.folder / "SHA256SUMS.ledger")
    assert releases.verify(second.name) == [
        "SHA256SUMS.ledger: changed since it was published",
        "SHA256SUMS.ledger: of another release",
    ]
    shutil.copyfile(release.folder / "RELEASE", second.folder / "RELEASE")
    assert "RELEASE: of another release" in releases.verify(second.name)


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_refused_before_anything_is_made(home, tmp_path, key):
    file = tmp_path / "key"
    file.write_text(key)
    file.chmod(0o600)
    for wrong in (file, tmp_path / "nowhere"):
        with pytest.raises(BadSetting, match="signing_key"):
            Releases(home.settings.but(signing_key=wrong)).signer()
    with pytest.raises(WrongUse, match="public key"):
        Verifier.of(file)
    with pytest.raises(WrongUse, match="No such file"):
        Verifier.of(tmp_path / "nowhere")


def test_a_key_that_others_may_read_is_refused(home, keys):
    keys[0].chmod(0o644)
    with pytest.raises(WrongUse, match="chmod 600"):
        Releases(home.settings.but(signing_key=keys[0])).signer()
