"""Consumers of the tables: one changed day at a time, into a database or into plain files.

::

    loading     the load: one transaction for each day, the same SQL for every database
    target      what a load asks of a database
    duck        a DuckDB file
    postgres    PostgreSQL, where nested columns are jsonb
    hive        plain Parquet with a manifest a day, for engines without Iceberg
    snapshot    what all of them read

In both databases, stories are ``news.articles`` with the columns of the contract, and
``news.loads`` says which day was loaded when, from which snapshot.
"""

from newsdesk.consume.loading import Loaded, load_day

__all__ = ["Loaded", "load_day"]
