"""What may be published: every row on its own, then every day as it would stand.

::

    narrow     what the checks look at: lengths, flags, dates and names, never bodies
    suites     what is expected of a paper's rows and days: the one declaration
    junk       what is no name in a byline
    evaluate   Great Expectations: which rows meet an expectation not
    rows       staged rows, one by one
    drift      what is usual for a paper's days, from the weeks before
    days       merged days, as figures
    page       the results as a page
    docs       the Data Docs of a run: that page, and one for each paper

Rules, the same for rows and days:

* *critical*: the row is refused, with every reason; the day of that paper stays as it was.
* *warning* and *info* are recorded and move nothing.
* An expectation that raised was *not evaluated*. That is never a pass: whatever its severity, the
  rows it should have judged are refused, or the day stays as it was.

What is a share of many rows (signed, with a section, repeated) is a figure of the day: the day's
merged image has all of its rows, a run may bring a single late one.

Great Expectations takes seconds to import: it is imported when the first rows are evaluated.
"""

from newsdesk.quality.days import DAY_COLUMNS, DayChecks, check_days
from newsdesk.quality.docs import data_docs
from newsdesk.quality.drift import HISTORY_COLUMNS, WEEKS, Bands, bands, slim
from newsdesk.quality.narrow import narrow
from newsdesk.quality.page import STYLE, render
from newsdesk.quality.rows import ROW_COLUMNS, RowChecks, check_rows

__all__ = [
    "DAY_COLUMNS",
    "HISTORY_COLUMNS",
    "ROW_COLUMNS",
    "STYLE",
    "WEEKS",
    "Bands",
    "DayChecks",
    "RowChecks",
    "bands",
    "check_days",
    "check_rows",
    "data_docs",
    "narrow",
    "render",
    "slim",
]
