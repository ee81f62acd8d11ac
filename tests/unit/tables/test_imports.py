"""Looking at the shapes must be cheap: pyiceberg takes seconds to import."""

from __future__ import annotations

import subprocess
import sys


def test_pyiceberg_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys, newsdesk.tables, newsdesk.publish, newsdesk.tables.document; "
        "print([m for m in ('pyiceberg', 'sqlalchemy', 'pandas', 'boto3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
