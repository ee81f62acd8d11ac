"""What a paper may be called."""

from __future__ import annotations

NAME = r"^[a-z][a-z0-9_]{1,47}$"
"""The form of a paper's name, which stands in keys and names of files."""

NAME_FORM = "2 to 48 lower-case letters, digits and underscores, a letter first"
"""The same in words."""
