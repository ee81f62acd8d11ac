"""newsdesk: newspapers as tables a data team can trust.

The modules stand in the order a story walks through them::

    discover  ->  fetch  ->  landing  ->  reading  ->  quality  ->  publish
    Link          Capture    Landed      Article      Verdict      Iceberg tables

``article`` holds the shapes, ``layout`` the keys of the bucket, ``errors`` the tree of
errors; ``steps`` is the walk itself, one function per task; ``connections`` wires it up.
"""

__version__ = "0.1.0"

YEARS = range(1990, 2101)
"""The years whose days can be asked for: of others there is no news."""

COMMITS_POOL = "newsdesk_commits"
"""Name of the orchestrator's pool of one slot, in which commits to the tables take turns."""
