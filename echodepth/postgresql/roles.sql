-- The roles of an installation on PostgreSQL, made once by a superuser before the first migration:
--   psql -v owner=echodepth_owner -v application=echodepth_app -f echodepth/postgresql/roles.sql
-- PostgreSQL 15 or newer. It may be run again. Passwords are set apart from it (\password in psql), the database is made with
--   createdb --owner echodepth_owner echodepth

SELECT format('CREATE ROLE %I LOGIN', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
-- NOINHERIT: what the sweeping role may see, the application sees only while it says SET ROLE.
SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'application')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'application') \gexec
SELECT 'CREATE ROLE echodepth_sweep NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'echodepth_sweep') \gexec
SELECT 'CREATE ROLE echodepth_door NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'echodepth_door') \gexec

ALTER ROLE :"owner" NOSUPERUSER NOBYPASSRLS;
ALTER ROLE :"application" NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE echodepth_sweep NOSUPERUSER NOBYPASSRLS;
ALTER ROLE echodepth_door NOSUPERUSER NOBYPASSRLS;
-- From PostgreSQL 16, each grant says by itself whether what it gives is inherited.
SELECT current_setting('server_version_num')::int >= 160000 AS grants_say \gset
\if :grants_say
GRANT echodepth_sweep TO :"application" WITH INHERIT FALSE, SET TRUE;
\else
GRANT echodepth_sweep TO :"application";
\endif
-- The owner gives the look-up functions to this role.
GRANT echodepth_door TO :"owner";
