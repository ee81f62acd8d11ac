"""What ``tables.py`` measures: one module for each kind of thing.

::

    invented    tables of any size, made of invented stories
    cost        seconds, bytes and files of something
    nights      a night's merge, and pyiceberg's own upsert
    walk        what a whole run writes to S3
    judging     the check stage, beside Great Expectations alone
    storing     bytes of a story; a month of commits before and after upkeep
    document    puts figures into docs/benchmarks.md, for every benchmark
"""
