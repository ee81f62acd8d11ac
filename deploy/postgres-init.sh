#!/usr/bin/env bash
# A database and a user of its own for the Iceberg catalog, made when PostgreSQL first starts.
set -euo pipefail

psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$NEWSDESK_POSTGRES_PASSWORD" <<'SQL'
CREATE USER newsdesk PASSWORD :'password';
CREATE DATABASE newsdesk OWNER newsdesk;
SQL
