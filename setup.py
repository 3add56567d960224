"""What pyproject.toml cannot say: a wheel knows the commit that it is built from."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent))  # a build in isolation does not see the folder that it builds

from catalog.version import COMMIT_FILE, commit


class BuildWithCommit(build_py):
    """Writes the commit beside the code that it copies; an editable install copies none, and asks git."""

    def run(self) -> None:
        """Build as always, then write the file."""
        super().run()
        if not self.editable_mode and (known := commit()):
            (Path(self.build_lib) / "catalog" / COMMIT_FILE.name).write_text(f"{known}\n", encoding="utf-8")


setup(cmdclass={"build_py": BuildWithCommit})
