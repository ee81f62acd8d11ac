"""A consumer of the tables: one changed day at a time into a database for analysts.

::

    loading     the load: one transaction for each day, the same SQL for every database
    target      what a load asks of a database
    duck        a DuckDB file
    postgres    PostgreSQL, where nested columns are jsonb

In both, stories are ``news.articles`` with the columns of the contract, and ``news.loads`` says
which day was loaded when, from which snapshot.
"""

from newsdesk.consume.loading import Loaded, load_day

__all__ = ["Loaded", "load_day"]
