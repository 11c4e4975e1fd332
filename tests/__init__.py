"""Tests mirror the packages; those that need the material beside the checkout skip when it is absent."""

from pathlib import Path


def shared_folder() -> Path | None:
    """The folder with real notices, lists and questions beside the checkout, or None."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None
