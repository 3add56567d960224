"""The judge: Great Expectations in a process of its own, which loads it while the run goes on with other work.

Loading it takes seconds of pure Python. On a thread of the run it would hold up everything else that the run does in
Python; and a judge that dies takes no run with it: then nobody knows, and nothing is published. A process that makes
several runs keeps its judge. The child serves one request after another over its standard input and output, a JSON
object a line, and ends when its standard input does.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from transport.settings import PROJECT


class JudgeDied(Exception):
    """The judge's process ended, or could not say what became of the checks."""


class Judge:
    """The process, and the pipe to it."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="judge")

    def start(self) -> subprocess.Popen[str]:
        """Start the process, if it is not there; it begins to load at once."""
        with self._starting:
            if self._process is None or self._process.poll() is not None:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "pipelines.judging"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    env={"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
                    start_new_session=True,  # an interrupt is for the run, which then ends the judge by its pipe
                )
            return self._process

    def ask(
        self,
        tables: Mapping[str, tuple[Sequence[str], Sequence[Mapping[str, object]]]],
        *,
        memory_limit: str,
        threads: int,
        temp_directory: Path,
        by_month: Collection[str],
    ) -> Future[list[dict[str, Any]]]:
        """Have tables judged, as `quality.judge` does; checks and results as plain values.

        The future raises JudgeDied when nobody knows.
        """
        asked = {
            "tables": tables,
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(temp_directory),
            "by_month": sorted(by_month),
        }
        return self._asking.submit(self._asked, asked)

    def _asked(self, asked: Mapping[str, object]) -> list[dict[str, Any]]:
        process = self.start()
        assert process.stdin is not None  # noqa: S101 - both are pipes by construction
        assert process.stdout is not None  # noqa: S101
        answer = ""
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer.endswith("\n"):
            self.end()
            raise JudgeDied(f"the judge ended with {process.returncode}")
        said = json.loads(answer)
        if "problem" in said:
            raise JudgeDied(said["problem"])
        found: list[dict[str, Any]] = said["results"]
        return found

    def end(self) -> None:
        """End the process; it is started again when somebody asks."""
        with self._starting:
            process, self._process = self._process, None
        if process is not None:
            with suppress(BrokenPipeError):
                process.communicate()


JUDGE = Judge()
atexit.register(JUDGE.end)


class _Unused(ModuleType):
    """Stands for a library that Great Expectations loads and the judge does not use; a third of the time goes to those.

    What is asked of it after all is an error that names it.
    """

    def __init__(self, name: str, **parts: ModuleType) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__.update(parts)
        sys.modules[name] = self


def _serve() -> None:
    """The child: judge until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _Unused("altair")  # drawing
    _Unused("scipy", stats=_Unused("scipy.stats"))  # distributions
    from pipelines.quality import Check, Kind, judge

    for line in sys.stdin:
        asked = json.loads(line)
        try:
            tables = {
                name: (files, [Check(**{**check, "kind": Kind(check["kind"])}) for check in checks])
                for name, (files, checks) in asked.pop("tables").items()
            }
            answer: dict[str, object] = {"results": [asdict(r) for r in judge(tables, **asked)]}
        except Exception as problem:  # noqa: BLE001 - whatever stops the judge, the run must hear of it
            answer = {"problem": f"{type(problem).__name__}: {str(problem)[:300]}"}
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    _serve()
