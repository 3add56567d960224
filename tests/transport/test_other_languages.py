"""The Java and .NET programs of docs/send-data.md, compiled as they stand on the page and run against a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.cli.main import main
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.servers.http.door import HttpServer
from transport.storage.landing import open_landing

PAGE = (PROJECT / "docs" / "send-data.md").read_text("utf-8")
Send = Callable[[list[str | Path]], "subprocess.CompletedProcess[str]"]


def program(language: str) -> str:
    """The page's program in that language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[0]


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", disk_reserve_mb=0)


@pytest.fixture
def send(home: Settings, tmp_path: Path) -> Iterator[Send]:
    """Send a sample of dispatches by a program, as a producer who has a token: the words after its own."""
    rights = Rights("svarut", frozenset({"dispatch"}), None, frozenset())
    token = Tokens(home).add("svarut", rights, now=datetime.now(UTC))[1]
    with pytest.raises(SystemExit) as done:  # writes the mark of synthetic rows beside the file
        main(["sample", "dispatch", "--out", str(tmp_path / "sample.csv")])
    assert done.value.code == 0
    server = HttpServer(home)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def sent(command: list[str | Path], batch: str = "2026-11-25T0600") -> subprocess.CompletedProcess[str]:
        words = [*command, f"http://127.0.0.1:{server.port}", "dispatch", batch, tmp_path / "sample.csv"]
        environment = os.environ | {"DIF_TOKEN": token}
        return subprocess.run(
            words, env=environment, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60
        )

    yield sent
    server.stop()
    thread.join(15)


def check(send: Send, command: list[str | Path], home: Settings) -> None:
    """A batch is stored, a repeated one is stored once, and a refusal ends the program with its reason."""
    first, again = send(command), send(command)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert [json.loads(done.stdout)["status"] for done in (first, again)] == ["accepted", "duplicate"]
    [entry] = open_landing(home).entries
    assert (entry.producer, entry.synthetic) == ("svarut", True)
    refused = send(command, "not a name".replace(" ", "%20"))
    assert refused.returncode == 1
    assert re.match(r"4\d\d .*mend", refused.stderr, re.DOTALL)


@pytest.mark.skipif(shutil.which("javac") is None, reason="not run: no Java compiler")
@pytest.mark.slow("starts a Java compiler, and Java thrice")
def test_the_java_program_of_the_page_sends_a_batch(send: Send, home: Settings, tmp_path: Path) -> None:
    (tmp_path / "Send.java").write_text(program("java"), "utf-8")
    subprocess.run(["javac", "-Xlint:all", "-Werror", "--release", "17", "Send.java"], cwd=tmp_path, check=True)
    check(send, ["java", "-cp", tmp_path, "Send"], home)


@pytest.mark.skipif(shutil.which("dotnet") is None, reason="not run: no .NET")
@pytest.mark.slow("builds a .NET program")
def test_the_dotnet_program_of_the_page_sends_a_batch(send: Send, home: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "send"
    subprocess.run(["dotnet", "new", "console", "--output", folder], check=True)
    (folder / "Program.cs").write_text(program("csharp"), "utf-8")
    subprocess.run(["dotnet", "build", "--output", folder / "built", folder], check=True)
    check(send, ["dotnet", folder / "built" / "send.dll"], home)
