"""What the writer of WARC files and their reader agree on."""

ASIDE = "X-Archive-Orig-"
"""Stands before the name of a header line that is no longer true of the body as it is stored."""

REQUESTED = "X-Newsdesk-Requested-URI"
"""The address asked for, where another one answered."""

DECODED_LENGTH = "X-Newsdesk-Decoded-Length"
"""Bytes of the body once its content encoding is removed."""

ARCHIVE = "X-Newsdesk-Archive-URI"
"""Where an archive keeps what was landed, if it came from one."""

MEMBER = b"\x1f\x8b\x08"
"""How a gzip member begins (RFC 1952)."""

WARC = "application/warc"
"""Media type of a WARC file (ISO 28500, annex B)."""
