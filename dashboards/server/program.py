"""Streamlit's browser program: the files of it that a first visit loads, and each of them as small as brotli makes it.

Brotli's best quality saves a tenth of a first visit and takes fifty times as long as what a server can spend when it
starts. So set-up does it, once for each version of Streamlit: `python -m dashboards.server.program` puts the files
beside what is installed, and `shell.StaticFileCache` sends them. Streamlit is not imported here: the command takes a
tenth of a second where everything has been done.
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import brotli  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

_DRAWN_WITH: Final = (
    "ArrowVegaLiteChart",
    "Button",
    "DownloadButton",
    "Html",
    "Multiselect",
    "NumberInput",
    "Radio",
    "Selectbox",
    "TextInput",
)
"""Parts that our pages draw with, except the slider: only one page has one, and it is a tenth of the total size."""
_DRAWS_CHARTS: Final = "embed"
"""The file that the chart part loads when it draws the first chart."""
_ON_ONE_PAGE: Final = "Slider"
_ASKS_FOR: Final = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_IN_THE_PAGE: Final = re.compile(r"static/js/([\w.-]+\.js)")
_STYLES_IN_THE_PAGE: Final = re.compile(r"static/css/([\w.-]+\.css)")
_BEST: Final = 11
"""Brotli's best quality."""
_ENDS: Final = ".br"


@cache
def installed() -> Path:
    """The folder of the program's page and files."""
    found = find_spec("streamlit")
    return Path(found.origin if found and found.origin else "").parent / "static"


@cache
def page() -> str:
    """The program's page, as Streamlit has it."""
    return (installed() / "index.html").read_text("utf-8")


@cache
def _loaded_by_page() -> frozenset[str]:
    """Names of scripts that the program's page loads itself."""
    return frozenset(_IN_THE_PAGE.findall(page()))


def _with_imports(parts: Iterable[str]) -> tuple[str, ...]:
    """Names of the scripts of parts and of those that they import, without those that the page loads itself.

    Parts that Streamlit renamed are skipped: they load when they are needed.
    """
    scripts = installed() / "static" / "js"
    names: dict[str, None] = {}
    left = [path.name for part in parts for path in scripts.glob(f"{part}.*.js")]
    while left:
        name = left.pop()
        if name not in _loaded_by_page() and name not in names:
            names[name] = None
            left += _ASKS_FOR.findall((scripts / name).read_text("utf-8"))
    return tuple(sorted(names))


@cache
def preloads() -> tuple[str, ...]:
    """Names of scripts that pages draw with and the program's page does not load itself, with their own imports."""
    return _with_imports((*_DRAWN_WITH, _DRAWS_CHARTS))


@cache
def files() -> tuple[Path, ...]:
    """The files that a first visit of some page loads."""
    scripts = {*_loaded_by_page(), *_with_imports((*_DRAWN_WITH, _DRAWS_CHARTS, _ON_ONE_PAGE))}
    names = [f"js/{name}" for name in sorted(scripts)]
    names += [f"css/{name}" for name in _STYLES_IN_THE_PAGE.findall(page())]
    return tuple(installed() / "static" / name for name in names)


def compressed_folder() -> Path | None:
    """Where the compressed files are: in the virtual environment; None outside of one, where we write nothing."""
    return Path(sys.prefix) / "share" / "dif" / "program" if sys.prefix != sys.base_prefix else None


def smallest(name: str, content: bytes, folder: Path | None) -> bytes | None:
    """The file called `name` as small as can be; None where it has not been made, or is not of this content."""
    if folder is None:
        return None
    try:
        small = (folder / f"{name}{_ENDS}").read_bytes()
        return small if brotli.decompress(small) == content else None
    except (OSError, brotli.error):
        return None


def compress(file: Path, folder: Path) -> bool:
    """Put a file into `folder`, as small as can be; False where it is there already.

    Raises:
        OSError: It cannot be written there.
    """
    content = file.read_bytes()
    if smallest(file.name, content, folder) is not None:
        return False
    small = brotli.compress(content, quality=_BEST)
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{file.name}.{os.getpid()}.half"
    half.write_bytes(small)
    half.replace(folder / f"{file.name}{_ENDS}")  # whole or not at all; what is left of it goes with `remove_others`
    return True


def compress_all(every: Iterable[Path], folder: Path) -> int:
    """Put files into `folder`, as small as can be, and remove all others: those of an earlier version.

    Returns:
        How many were not there before.

    Raises:
        OSError: They cannot be written there.
    """
    largest_first = sorted(every, key=lambda file: -file.stat().st_size)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        made = sum(threads.map(partial(compress, folder=folder), largest_first))
    remove_others(largest_first, folder)
    return made


def remove_others(than: Iterable[Path], folder: Path) -> None:
    """Remove from `folder` what was made of other files than these.

    Raises:
        OSError: They cannot be removed.
    """
    wanted = {f"{file.name}{_ENDS}" for file in than}
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def main() -> None:
    """Compress what a first visit loads, for the servers to come."""
    folder = compressed_folder()
    if folder is None:
        return
    try:
        if made := compress_all(files(), folder):
            sys.stdout.write(f"Compressed {made} files of Streamlit's browser program, which each first visit loads\n")
    except OSError as problem:
        sys.stderr.write(f"{problem}: first visits will be a tenth larger\n")


if __name__ == "__main__":
    main()
