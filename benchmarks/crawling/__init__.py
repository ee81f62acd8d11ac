"""What ``fetching.py`` measures.

::

    server      the pages, bombs and endless answers
    work        the programs that are measured, each a process of its own
"""
