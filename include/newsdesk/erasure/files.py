"""Files of rows in the bucket, staged or waiting: both are named by what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsdesk.erasure.story import Traces
from newsdesk.records import pack_rows
from newsdesk.store import Store


def rewritten(store: Store, key: str, traces: Traces) -> Mapping[str, Any]:
    """Writes the rows of a file that are not the story's under the name that they then have.

    The old file stays until whatever names it was written anew.

    Returns:
        ``key``, ``digest`` and ``rows`` of the new file.
    """
    rows = pq.read_table(pa.BufferReader(store.get(key)))
    left = rows.filter(pc.invert(traces.rows(rows)))
    body, digest = pack_rows(left)
    new = f"{key.rpartition('/')[0]}/{digest}.parquet"
    store.put_if_absent(new, body)
    return {"key": new, "digest": digest, "rows": left.num_rows}
