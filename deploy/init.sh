#!/usr/bin/env bash
# Runs once before the other services: database, the pool of one slot, the administrator's login.
set -euo pipefail

airflow db migrate
airflow pools set newsdesk_commits 1 "commits to the tables take turns"

umask 077
python - <<'PYTHON'
import json
import os
from pathlib import Path

path = Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
path.write_text(json.dumps({"admin": os.environ["AIRFLOW_ADMIN_PASSWORD"]}))
PYTHON
