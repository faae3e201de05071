-- The ground: signed transaction context, consent, audit, events, accounts, and every table that holds patient data.
-- Runs as vs_owner, whom nobody logs in as. The application logs in as vs_app, which owns nothing,
-- bypasses nothing and holds exactly the privileges listed here.

create schema sec;
create schema consent;
create schema audit;
create schema app;
create schema phi;
grant usage on schema consent, audit, app, phi, sec to vs_app;

------------------------------------------------------------------------------------------------------------------------
-- sec: who is asking. HMAC-SHA256 (RFC 2104) by its two padded keys, so that checking is two calls of sha256().
create table sec.signing_key (
  id smallint primary key check (id = 1),
  inner_pad bytea not null,
  outer_pad bytea not null);

-- The claims of this transaction, or null: signature, expiry and backend must all hold.
create function sec.context() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  token text := current_setting('app.context', true);
  body bytea;
  claims jsonb;
  key sec.signing_key;
begin
  if coalesce(token, '') = '' then return null; end if;
  body := decode(split_part(token, '.', 1), 'base64');
  select * into key from sec.signing_key where id = 1;
  if not found or encode(sha256(key.outer_pad || sha256(key.inner_pad || body)), 'hex') <> split_part(token, '.', 2) then
    return null;
  end if;
  claims := convert_from(body, 'utf8')::jsonb;
  if coalesce((claims->>'exp')::float8, 0) < extract(epoch from clock_timestamp())
     or (claims->>'pid')::int is distinct from pg_backend_pid() then
    return null;
  end if;
  return claims;
exception when others then
  return null;  -- a malformed token is no token
end $$;

create function sec.subject() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as
$$ select (sec.context()->>'sub')::uuid $$;

create function sec.role() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as
$$ select coalesce(sec.context()->>'role', 'nobody') $$;

-- The one patient whose record this transaction is about.
create function sec.patient() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as
$$ select (sec.context()->>'patient')::uuid $$;

------------------------------------------------------------------------------------------------------------------------
-- consent: a grant is written once and may be revoked once; the table is its own history.
create table consent.access_grant (
  patient_id uuid not null,
  id uuid not null,
  grantee_id uuid not null,
  categories text[] not null check (cardinality(categories) > 0),
  actions text[] not null check (cardinality(actions) > 0),
  purposes text[] not null check (cardinality(purposes) > 0),
  valid_from timestamptz not null,
  valid_until timestamptz,
  granted_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz,
  primary key (patient_id, id),
  check (valid_until is null or valid_until > valid_from),
  check (grantee_id <> patient_id));
create index access_grant_by_grantee on consent.access_grant (grantee_id, patient_id) where revoked_at is null;

-- The categories in which a provider may take an action on the patient in view, at this very statement.
-- Any grant to read shows the profile; changing it takes a grant to write the profile itself.
create function sec.granted(action text) returns text[]
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

-- What this statement may read: own record, or what was granted; always only what the transaction asked for.
-- Reading another's record leaves an audit entry in the same transaction: the rows cannot be had without it.
create function sec.readable() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
  asked text[];
  allowed text[];
begin
  if c is null or c->>'patient' is null then return '{}'; end if;
  asked := array(select jsonb_array_elements_text(c->'reads'));
  if c->>'role' = 'patient' and c->>'sub' = c->>'patient' then return asked; end if;
  if c->>'role' <> 'provider' then return '{}'; end if;
  allowed := array(select unnest(asked) intersect select unnest(sec.granted('read')) order by 1);
  if cardinality(allowed) > 0 then perform audit.note_read(c, allowed); end if;
  return allowed;
end $$;

create function sec.writable() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
  asked text[];
begin
  if c is null or c->>'patient' is null then return '{}'; end if;
  asked := array(select jsonb_array_elements_text(c->'writes'));
  if c->>'role' = 'patient' and c->>'sub' = c->>'patient' then return asked; end if;
  return array(select unnest(asked) intersect select unnest(sec.granted('write')) order by 1);
end $$;

-- Whether the patient in view is the person who asks.
create function sec.own_record() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(c->>'role' = 'patient' and c->>'sub' = c->>'patient', false) from (select sec.context() as c) as one
$$;

alter table consent.access_grant enable row level security;
alter table consent.access_grant force row level security;
create policy owner_reads on consent.access_grant for select to vs_owner using (true);
create policy party_reads on consent.access_grant for select to vs_app
  using (patient_id = (select sec.subject()) or grantee_id = (select sec.subject()));
create policy patient_grants on consent.access_grant for insert to vs_app
  with check (patient_id = (select sec.subject()) and (select sec.role()) = 'patient' and revoked_at is null);
create policy patient_revokes on consent.access_grant for update to vs_app
  using (patient_id = (select sec.subject()) and (select sec.role()) = 'patient' and revoked_at is null)
  with check (patient_id = (select sec.subject()) and revoked_at is not null);
grant select, insert, update (revoked_at) on consent.access_grant to vs_app;

------------------------------------------------------------------------------------------------------------------------
-- audit: one hash chain for each record or account. An entry's hash covers the one before it.
create table audit.entry (
  subject_id uuid not null,
  seq bigint not null,
  xid xid8 not null default pg_current_xact_id(),
  body jsonb not null,
  previous bytea not null,
  hash bytea not null,
  primary key (subject_id, seq));
create table audit.head (
  subject_id uuid primary key,
  seq bigint not null,
  hash bytea not null);

-- What was done waits for the end of its transaction and is chained there, so that the lock on a chain's head lasts
-- only while committing: a long transaction that read a record must not hold up the patient who revokes it.
create table audit.waiting (
  id bigint generated always as identity primary key,
  subject_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  body jsonb not null);
create index waiting_of_transaction on audit.waiting (subject_id, xid);

-- True when the entry can only be undone together with the whole transaction, not by a savepoint.
create function audit.append(subject uuid, what jsonb) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  lasting boolean;
begin
  insert into audit.waiting (subject_id, body)
  values (subject, what || jsonb_build_object('subject', subject, 'at', clock_timestamp()))
  returning xmin = pg_current_xact_id()::xid into lasting;
  return lasting;
end $$;

create function audit.chain() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  last audit.head;
  body jsonb;
  digest bytea;
begin
  insert into audit.head values (new.subject_id, 0, sha256(uuid_send(new.subject_id))) on conflict do nothing;
  select * into last from audit.head where subject_id = new.subject_id for update;
  body := new.body || jsonb_build_object('seq', last.seq + 1);
  digest := sha256(last.hash || convert_to(body::text, 'utf8'));
  insert into audit.entry (subject_id, seq, xid, body, previous, hash)
  values (new.subject_id, last.seq + 1, new.xid, body, last.hash, digest);
  update audit.head set seq = last.seq + 1, hash = digest where subject_id = new.subject_id;
  delete from audit.waiting where id = new.id;
  return null;
end $$;
create constraint trigger chain after insert on audit.waiting
  deferrable initially deferred for each row execute function audit.chain();

create function audit.actor(c jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('actor', c->>'sub', 'role', coalesce(c->>'role', 'nobody'),
                            'purpose', c->>'purpose', 'activity', c->>'activity')
$$;

-- Once for each transaction and set of categories. Not inside a savepoint: rolling back to it would keep what was read
-- and lose the entry, so the first read of another's record in a transaction must come before any savepoint.
create function audit.note_read(c jsonb, categories text[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  patient uuid := (c->>'patient')::uuid;
begin
  if exists (
    select from audit.waiting w where w.subject_id = patient and w.xid = pg_current_xact_id()
      and w.body->>'verb' = 'read' and w.body->>'actor' = c->>'sub' and w.body->'categories' = to_jsonb(categories))
  then return; end if;
  if not audit.append(patient, audit.actor(c) || jsonb_build_object(
      'verb', 'read', 'object', 'record', 'categories', categories))
  then
    raise exception 'reading another''s record inside a savepoint' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- After every write to a table with patient_id: who changed how many rows of what. Never a value of them.
create function audit.note_write() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
  touched record;
begin
  for touched in
    select patient_id, count(*) as n from changed group by patient_id order by patient_id
  loop
    perform audit.append(touched.patient_id, audit.actor(c) || jsonb_build_object(
      'verb', lower(tg_op), 'object', tg_table_name, 'count', touched.n));
  end loop;
  return null;
end $$;

-- What the service itself records about an account: signed in, password changed, exported …
create function audit.note(subject uuid, verb text, object text, details jsonb default '{}') returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
begin
  if c is null then raise exception 'an audit entry needs a signed context' using errcode = 'insufficient_privilege'; end if;
  if subject is distinct from (c->>'sub')::uuid and subject is distinct from (c->>'patient')::uuid
     and c->>'role' not in ('system', 'admin') then
    raise exception 'not this subject' using errcode = 'insufficient_privilege';
  end if;
  perform audit.append(subject, details || audit.actor(c) || jsonb_build_object('verb', verb, 'object', object));
end $$;

create procedure audit.watch(target regclass) language plpgsql as $$
begin
  execute format('create trigger audit_insert after insert on %s referencing new table as changed for each statement execute function audit.note_write()', target);
  execute format('create trigger audit_update after update on %s referencing new table as changed for each statement execute function audit.note_write()', target);
  execute format('create trigger audit_delete after delete on %s referencing old table as changed for each statement execute function audit.note_write()', target);
end $$;

alter table audit.entry enable row level security;
alter table audit.entry force row level security;
create policy owner_keeps on audit.entry to vs_owner using (true) with check (true);
create policy subject_reads on audit.entry for select to vs_app using (subject_id = (select sec.subject()));
grant select on audit.entry to vs_app;
call audit.watch('consent.access_grant');

------------------------------------------------------------------------------------------------------------------------
-- phi: patient data. `sec.protect` gives a table its policies by category; every key leads with patient_id.
create procedure sec.protect(target regclass, category text) language plpgsql as $$
declare
  mine text := 'patient_id = (select sec.patient())';
  readable text := format('%s = any((select sec.readable())::text[])', category);
  writable text := format('%s = any((select sec.writable())::text[])', category);
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy read on %s for select to vs_app using (%s and %s)', target, mine, readable);
  execute format('create policy add on %s for insert to vs_app with check (%s and %s)', target, mine, writable);
  execute format('create policy change on %s for update to vs_app using (%s and %s) with check (%s and %s)',
                 target, mine, writable, mine, writable);
  execute format('create policy remove on %s for delete to vs_app using (%s and %s)', target, mine, writable);
  call audit.watch(target);
end $$;

-- The current version of each FHIR resource. `id` is the service's own: uuid5 of the patient and the source's identity.
create table phi.resource (
  patient_id uuid not null,
  type text not null,
  id uuid not null,
  version int not null,
  category text not null,
  source_id text not null,
  code_system text,
  code text,
  codes text[] not null default '{}',
  label text not null,
  status text,
  occurred_at timestamptz,
  recorded_at timestamptz not null,
  content_hash bytea not null,
  content jsonb not null,
  primary key (patient_id, type, id));
create index resource_by_category on phi.resource (patient_id, category, occurred_at desc);
create index resource_by_code on phi.resource using gin (codes);
-- What a resource was before.
create table phi.resource_version (
  patient_id uuid not null,
  type text not null,
  id uuid not null,
  version int not null,
  category text not null,
  recorded_at timestamptz not null,
  content jsonb not null,
  primary key (patient_id, type, id, version));
grant select, insert, update on phi.resource to vs_app;
grant select, insert on phi.resource_version to vs_app;
call sec.protect('phi.resource', 'category');
call sec.protect('phi.resource_version', 'category');

-- Numeric observations as a time series: metric is a LOINC code, unit a UCUM code.
create table phi.sample (
  patient_id uuid not null,
  metric text not null,
  at timestamptz not null,
  record_id uuid not null,
  category text not null,
  value float8 not null,
  unit text not null,
  low float8,
  high float8,
  recorded_at timestamptz not null,
  primary key (patient_id, metric, at, record_id));
create index sample_of_record on phi.sample (patient_id, record_id);
grant select, insert, update, delete on phi.sample to vs_app;
call sec.protect('phi.sample', 'category');

create table phi.meal (
  patient_id uuid not null,
  id uuid not null,
  version int not null default 1,
  eaten_at timestamptz not null,
  source text not null,
  items jsonb not null,
  recorded_at timestamptz not null,
  removed_at timestamptz,
  primary key (patient_id, id, version));
create index meal_by_time on phi.meal (patient_id, eaten_at desc);
grant select, insert, update on phi.meal to vs_app;
call sec.protect('phi.meal', '''nutrition''');

-- Tool writes that a person confirmed, by their idempotency key: resuming twice writes once.
create table phi.confirmed_write (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  tool text not null,
  record_ref text not null,
  recorded_at timestamptz not null,
  primary key (patient_id, id));
grant select, insert on phi.confirmed_write to vs_app;
call sec.protect('phi.confirmed_write', 'category');

-- Conversations belong to who holds them, about one patient. A message tells which categories it drew on:
-- when a grant of one of them ends, the provider no longer sees it.
create table phi.thread (
  patient_id uuid not null,
  id uuid not null unique,
  owner_id uuid not null,
  title text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (patient_id, id));
create index thread_by_owner on phi.thread (owner_id, updated_at desc);
create table phi.message (
  patient_id uuid not null,
  thread_id uuid not null references phi.thread (id) on delete cascade,
  id uuid not null,
  owner_id uuid not null,
  author text not null check (author in ('person', 'assistant')),
  categories text[] not null default '{}',
  content jsonb not null,
  at timestamptz not null,
  primary key (patient_id, thread_id, id));
alter table phi.thread enable row level security;
alter table phi.thread force row level security;
create policy own on phi.thread to vs_app
  using (owner_id = (select sec.subject()) and patient_id = (select sec.patient())
         and ((select sec.own_record()) or cardinality((select sec.granted('read'))::text[]) > 0));
alter table phi.message enable row level security;
alter table phi.message force row level security;
create policy own on phi.message to vs_app
  using (owner_id = (select sec.subject()) and patient_id = (select sec.patient())
         and ((select sec.own_record()) or categories <@ (select sec.granted('read'))::text[]))
  with check (owner_id = (select sec.subject()) and patient_id = (select sec.patient())
              and ((select sec.own_record()) or categories <@ (select sec.granted('read'))::text[])
              and exists (select from phi.thread t where t.id = thread_id));
grant select, insert, update, delete on phi.thread to vs_app;
grant select, insert, delete on phi.message to vs_app;
call audit.watch('phi.thread');
call audit.watch('phi.message');

------------------------------------------------------------------------------------------------------------------------
-- app: accounts, sessions, mail. Rows are seen in the service's own context only, which the auth room opens.
create table app.account (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  role text not null check (role in ('patient', 'provider', 'admin')),
  password_hash text,
  verified_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null);
create table app.session (
  id uuid primary key,
  account_id uuid not null references app.account (id) on delete cascade,
  created_at timestamptz not null,
  ended_at timestamptz);
create index session_by_account on app.session (account_id) where ended_at is null;
create table app.refresh_token (
  hash bytea primary key,
  session_id uuid not null references app.session (id) on delete cascade,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz);
create table app.one_time_code (
  hash bytea primary key,
  account_id uuid not null references app.account (id) on delete cascade,
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  expires_at timestamptz not null,
  used_at timestamptz);
create table app.login_failure (
  key bytea not null,
  at timestamptz not null);
create index login_failure_by_key on app.login_failure (key, at);
-- The ledger of what leaves by mail: written in the transaction that wants it, sent once, then emptied.
create table app.mail (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  body text,
  created_at timestamptz not null,
  sent_at timestamptz,
  attempts int not null default 0,
  retry_at timestamptz,
  last_error text);
create index mail_waiting on app.mail (created_at) where sent_at is null;

create procedure app.for_service(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy service on %s to vs_app using ((select sec.role()) = ''system'') with check ((select sec.role()) = ''system'')', target);
  execute format('grant select, insert, update, delete on %s to vs_app', target);
end $$;
call app.for_service('app.account');
call app.for_service('app.session');
call app.for_service('app.refresh_token');
call app.for_service('app.one_time_code');
call app.for_service('app.login_failure');
call app.for_service('app.mail');

-- Names of the other party of a grant or an audit entry, and of nobody else.
create function sec.party_name(account uuid) returns table (id uuid, name text, email text, role text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.id, a.name, a.email, a.role from app.account a
  where a.id = account and (
    a.id = sec.subject()
    or exists (select from consent.access_grant g
               where (g.patient_id = sec.subject() and g.grantee_id = a.id and a.role = 'provider')
                  or (g.grantee_id = sec.subject() and g.patient_id = a.id)))
$$;
create policy owner_reads on app.account for select to vs_owner using (true);

------------------------------------------------------------------------------------------------------------------------
-- Events: written with the change they tell of, relayed afterwards; a payload points to records and carries no value.
create table app.event (
  id uuid primary key,
  xid xid8 not null default pg_current_xact_id(),
  type text not null,
  version int not null,
  patient_id uuid,
  actor_id uuid,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  causation_id uuid,
  correlation_id uuid,
  payload jsonb not null);
create index event_in_order on app.event (xid, id);
alter table app.event enable row level security;
alter table app.event force row level security;
create policy relay on app.event to vs_app using ((select sec.role()) = 'system') with check ((select sec.role()) = 'system');
-- A person tells only of themselves as actor, and only about the own record or one that is shared with them.
create policy tell on app.event for insert to vs_app
  with check (actor_id = (select sec.subject()) and (patient_id is null or patient_id = (select sec.patient())
    and ((select sec.own_record()) or cardinality((select sec.granted('read') || sec.granted('write'))::text[]) > 0)));
grant select, insert on app.event to vs_app;
-- What each consumer has done, and what it could not do.
create table app.inbox (
  consumer text not null,
  event_id uuid not null,
  handled_at timestamptz,
  attempts int not null default 0,
  last_error text,
  retry_at timestamptz,
  parked_at timestamptz,
  primary key (consumer, event_id));
call app.for_service('app.inbox');
-- Where each consumer has got to: every event of an earlier transaction is handled or parked.
create table app.relay (
  consumer text primary key,
  reached xid8 not null);
call app.for_service('app.relay');

------------------------------------------------------------------------------------------------------------------------
revoke execute on all routines in schema sec, audit, app from public;
grant execute on function
  sec.context(), sec.subject(), sec.role(), sec.patient(), sec.readable(), sec.writable(), sec.own_record(),
  sec.granted(text), sec.party_name(uuid), audit.note(uuid, text, text, jsonb) to vs_app;
