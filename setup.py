"""What pyproject.toml cannot say: a wheel knows its commit, and has Dagster's workspace beside the code."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent))  # a build in isolation does not see the folder that it builds

from catalog.version import COMMIT_FILE, commit


class BuildWithCommit(build_py):
    """Writes both beside the code that it copies; an editable install copies none, and has the checkout."""

    def run(self) -> None:
        """Build as always, then write the files."""
        super().run()
        if self.editable_mode:
            return
        if known := commit():
            (Path(self.build_lib) / "catalog" / COMMIT_FILE.name).write_text(f"{known}\n", encoding="utf-8")
        self.copy_file("workspace.yaml", str(Path(self.build_lib) / "pipelines" / "orchestration" / "workspace.yaml"))


setup(cmdclass={"build_py": BuildWithCommit})
