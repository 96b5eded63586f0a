#!/bin/sh
# Makes roles and database when PostgreSQL's container starts for the first time, as its superuser.
set -eu
psql -v ON_ERROR_STOP=1 -q -v owner=echodepth_owner -v application=echodepth_app -f "${ROLES:-/roles.sql}" postgres
psql -v ON_ERROR_STOP=1 -q -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" postgres <<'SQL'
ALTER ROLE echodepth_owner PASSWORD :'owner_password';
ALTER ROLE echodepth_app PASSWORD :'app_password';
CREATE DATABASE echodepth OWNER echodepth_owner;
SQL
