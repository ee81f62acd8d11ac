"""Settings as the environment variables that tasks and commands read."""

from __future__ import annotations

from newsdesk.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that say where to work, and who asks."""
    return {
        "NEWSDESK_S3_BUCKET": settings.bucket,
        "NEWSDESK_S3_ENDPOINT": settings.server.endpoint or "",
        "AWS_ACCESS_KEY_ID": settings.server.access_key or "",
        "AWS_SECRET_ACCESS_KEY": settings.server.secret_key or "",
        "NEWSDESK_CATALOG_URI": settings.catalog_uri,
        "NEWSDESK_ENV": settings.env,
        "NEWSDESK_CONTACT": settings.contact or "",
    }
