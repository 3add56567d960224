"""Great Expectations in a worker process, which loads it while the run goes on with other work.

Loading it takes seconds of pure Python. On a thread of the run it would hold up everything else that the run does in
Python; and a worker that dies takes no run with it: then nobody knows, and nothing is published. A process that makes
several runs keeps its worker. The child serves one request after another over its standard input and output, a JSON
object a line, and ends when its standard input does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from transport.base.settings import PROJECT, environment


class GxWorkerDied(Exception):
    """The judge's process ended, or could not say what became of the checks."""


class GxWorker:
    """The process, and the pipe to it."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        """Nothing is started yet; `command` stands in for the worker itself."""
        self._command = [*command]
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._turn = threading.Lock()
        self._number = 0

    def start(self) -> subprocess.Popen[str]:
        """Start the process, if it is not there; it begins to load at once."""
        with self._starting:
            if self._process is not None and self._process.poll() is not None:
                _let_go(self._process)
                self._process = None
            if self._process is None:
                self._process = subprocess.Popen(
                    self._command or [sys.executable, "-P", "-m", "pipelines.quality.gx_worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    env=environment({"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}),
                    start_new_session=True,  # an interrupt is for the run, which ends the worker
                )
            return self._process

    def ask(  # noqa: PLR0913 - as `engine.run_checks`, and the sums
        self,
        tables: Mapping[str, tuple[Sequence[str], Sequence[Mapping[str, object]]]],
        *,
        memory_limit: str,
        threads: int,
        temp_directory: Path,
        by_month: Collection[str],
        documents: Path,
        sums: Mapping[str, Sequence[str]],
        of_rows: Mapping[str, int] = MappingProxyType({}),
        uncounted: Collection[str] = (),
    ) -> Future[list[dict[str, Any]]]:
        """Have tables judged, as `engine.run_checks` does; checks and results as plain values.

        `sums` are the SHA-256 of each table's files. The future raises GxWorkerDied when nobody knows.
        """
        asked = {
            "tables": tables,
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(temp_directory),
            "by_month": sorted(by_month),
            "documents": str(documents),
            "sums": sums,
            "of_rows": dict(of_rows),
            "uncounted": sorted(uncounted),
        }
        future: Future[list[dict[str, Any]]] = Future()

        def wait() -> None:
            try:
                with self._turn:
                    future.set_result(self._asked(asked))
            except BaseException as problem:  # noqa: BLE001 - whoever waits must hear of it
                future.set_exception(problem)

        threading.Thread(target=wait, name="gx-worker", daemon=True).start()
        return future

    def _asked(self, asked: Mapping[str, object]) -> list[dict[str, Any]]:
        """Ask, and read the answer to just this question; after any other the process is not to be trusted."""
        self._number += 1
        try:
            process = self.start()
            assert process.stdin is not None  # noqa: S101 - both are pipes by construction
            assert process.stdout is not None  # noqa: S101
            process.stdin.write(json.dumps({"number": self._number, **asked}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            answered = json.loads(answer)
            number, problem, results = (answered.get(k) for k in ("number", "problem", "results"))
        except (OSError, ValueError, AttributeError) as wrong:
            how = self.end()
            message = f"the worker did not answer ({how}, {type(wrong).__name__})"
            raise GxWorkerDied(message) from wrong
        if number != self._number or (problem is None and not isinstance(results, list)):
            self.end()
            raise GxWorkerDied("the worker answered something else")
        if problem is not None:
            raise GxWorkerDied(str(problem))
        return list(results)

    def end(self) -> str:
        """End the process, at once: it keeps nothing. It is started again when somebody asks.

        Returns:
            How it ended.
        """
        with self._starting:
            process, self._process = self._process, None
        if process is None:
            return "not started"
        ended = process.poll()
        process.kill()
        process.wait()
        _let_go(process)
        return "ended by us" if ended is None else f"ended with {ended}"


def _let_go(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


WORKER = GxWorker()
atexit.register(WORKER.end)


class _Unused(ModuleType):
    """Stands for a library that Great Expectations loads and the worker does not use: a third of the loading time.

    What is asked of it after all is an error that names it.
    """

    def __init__(self, name: str, **parts: ModuleType) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__.update(parts)
        sys.modules[name] = self


class _Judged:
    """Tables that met every check, by their bytes and checks: the same again needs no second look.

    A run that makes a table anew often makes the same rows; a judge that serves many runs sees most tables again.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[list[dict[str, Any]], dict[Path, bytes]]] = OrderedDict()

    def key(self, name: str, files: Sequence[str], sums: Sequence[str], checks: object, of_rows: int | None) -> str:
        """What a verdict rests on; empty where the bytes of a file are not known."""
        months = [Path(file).parent.name for file in files]  # of a table by month its rows have it from the folder
        return json.dumps([name, months, sums, checks, of_rows]) if all(sums) else ""

    def again(self, key: str, documents: Path) -> list[dict[str, Any]] | None:
        """The results of then, with their documents; None if it was not judged."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        results, texts = self._kept[key]
        for file, text in texts.items():
            (documents / file).parent.mkdir(parents=True, exist_ok=True)
            (documents / file).write_bytes(text)
        return results

    def keep(self, key: str, name: str, results: list[dict[str, Any]], documents: Path) -> None:
        """Keep what was found, unless something was at fault."""
        if key and all(r["passed"] for r in results):
            files = [*documents.glob(f"*/{name}.json"), *documents.glob(f"*/{name}.html")]
            self._kept[key] = results, {file.relative_to(documents): file.read_bytes() for file in files}
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_KEPT = 400
"""Tables, each with about 50 kB of documents."""


def _serve() -> None:
    """The child: judge until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _Unused("altair")  # drawing
    _Unused("scipy", stats=_Unused("scipy.stats"))  # distributions
    _Unused("boto3")
    _Unused("botocore")  # object storage
    _Unused("psycopg2")  # Postgres
    from pipelines.quality.checks import Check
    from pipelines.quality.engine import run_checks

    gc.freeze()  # what was loaded stays: no collection need look at it again
    judged = _Judged()
    for line in sys.stdin:
        asked = json.loads(line)
        number, sums = asked.pop("number"), asked.pop("sums")
        try:
            tables, documents = asked.pop("tables"), Path(asked.pop("documents"))
            keys = {
                name: judged.key(name, files, sums[name], checks, asked["of_rows"].get(name))
                for name, (files, checks) in tables.items()
            }
            results = {n: known for n, key in keys.items() if (known := judged.again(key, documents)) is not None}
            anew = {
                name: (files, [Check.of(check) for check in checks])
                for name, (files, checks) in tables.items()
                if name not in results
            }
            for result in run_checks(anew, documents=documents, **asked):
                results.setdefault(result.dataset, []).append(asdict(result))
            for name in anew:
                judged.keep(keys[name], name, results.setdefault(name, []), documents)
            answer: dict[str, object] = {"results": [result for name in tables for result in results[name]]}
        except Exception as problem:  # noqa: BLE001 - whatever stops the worker, the run must hear of it
            answer = {"problem": f"{type(problem).__name__}: {str(problem)[:300]}"}
        out.write(json.dumps({"number": number, **answer}) + "\n")
        out.flush()


if __name__ == "__main__":
    _serve()
