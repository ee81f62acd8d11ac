"""Airflow in this process, with a home that is thrown away.

Airflow reads its settings when it is imported, so tests import this module at their top and
anything of Airflow inside of functions.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsdesk import COMMITS_POOL

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
HOME = Path(tempfile.mkdtemp(prefix="newsdesk-airflow-"))

os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME / 'airflow.db'}",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(HOME / "logs"),
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


@cache
def dagbag() -> DagBag:
    """The project's DAGs, beside a fresh database with the pool that they commit in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Airflow's own imports warn of is not ours to mend
        from airflow.dag_processing.dagbag import DagBag
        from airflow.models.pool import Pool
        from airflow.utils.db import initdb

        initdb()
        Pool.create_or_update_pool(
            name=COMMITS_POOL, slots=1, description="Commits, one by one", include_deferred=False
        )
        return DagBag(str(DAGS))
