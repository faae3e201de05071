"""A grant of any category shows the profile, and never lets it be changed: that takes a grant of the profile itself."""

from alembic import op

from vitasense.deterministic.platform.migrations.statements import run_statements

revision = "0003"
down_revision = "0002"

GRANTED = """
create or replace function sec.granted(action text) returns text[]
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with claims as (select sec.context() as c),
  live as (
    select g.categories from consent.access_grant g, claims
    where c->>'role' = 'provider'
      and g.grantee_id = (c->>'sub')::uuid and g.patient_id = (c->>'patient')::uuid
      and g.revoked_at is null
      and g.valid_from <= clock_timestamp() and (g.valid_until is null or g.valid_until > clock_timestamp())
      and action = any(g.actions) and c->>'purpose' = any(g.purposes))
  select coalesce(array_agg(distinct category), '{}')
  from (select unnest(categories) as category from live
        union select 'profile' from live where action = 'read') as each
$$;
"""


def upgrade() -> None:
    """Replace the function; who owns and may call it stays."""
    op.execute("set local role vs_owner")
    run_statements(GRANTED)
    op.execute("reset role")
