"""The first words of the page about the platform. No Streamlit call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.opening import Opening

if TYPE_CHECKING:
    from dashboards.shared.opening import View


def opening(page: View) -> Opening:
    """What the platform is."""
    return Opening(page.words("about.answer"))
