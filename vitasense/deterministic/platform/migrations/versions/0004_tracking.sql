-- Tracking: streams of devices, what is made of them, and two roles that act for a person without being one.
--   stream   keeps the streams: it takes what a registered device sends, keeps rollups and ends old samples.
--            It reads and writes the tables of the streams and nothing of the record.
--   monitor  watches for the person: it reads what it asks for, unless the person switched it off, and writes decisions,
--            alarms, tasks and goals, and nothing of the record.
-- Docs: docs/decisions/0009-monitoring.md

------------------------------------------------------------------------------------------------------------------------
-- Whether the service may watch a person's readings. Without a row it may; only the person changes it.
create table consent.monitoring (
  patient_id uuid primary key,
  allowed boolean not null,
  changed_at timestamptz not null);
alter table consent.monitoring enable row level security;
alter table consent.monitoring force row level security;
create policy owner_reads on consent.monitoring for select to vs_owner using (true);
create policy patient_reads on consent.monitoring for select to vs_app using (patient_id = (select sec.subject()));
create policy patient_says on consent.monitoring for insert to vs_app
  with check (patient_id = (select sec.subject()) and (select sec.role()) = 'patient');
create policy patient_changes on consent.monitoring for update to vs_app
  using (patient_id = (select sec.subject()) and (select sec.role()) = 'patient')
  with check (patient_id = (select sec.subject()));
grant select, insert, update on consent.monitoring to vs_app;
call audit.watch('consent.monitoring');

create function sec.monitors(c jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(c->>'role' = 'monitor', false) and coalesce(
    (select m.allowed from consent.monitoring m where m.patient_id = (c->>'patient')::uuid), true)
$$;

-- As in 0001, and what the service watches for the person.
create or replace function sec.readable() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
  asked text[];
  allowed text[];
begin
  if c is null or c->>'patient' is null then return '{}'; end if;
  asked := array(select jsonb_array_elements_text(c->'reads'));
  if c->>'role' = 'patient' and c->>'sub' = c->>'patient' then return asked; end if;
  if c->>'role' = 'monitor' then return case when sec.monitors(c) then asked else '{}' end; end if;
  if c->>'role' <> 'provider' then return '{}'; end if;
  allowed := array(select unnest(asked) intersect select unnest(sec.granted('read')) order by 1);
  if cardinality(allowed) > 0 then perform audit.note_read(c, allowed); end if;
  return allowed;
end $$;

-- What may be read of the streams, what may be written of them, and of what is decided about them.
create function sec.tracks() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
begin
  if c->>'role' = 'stream' and c->>'patient' is not null then
    return array(select jsonb_array_elements_text(c->'reads') intersect values ('vitals'), ('labs'));
  end if;
  return sec.readable();
end $$;
create function sec.streams() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
begin
  if c->>'role' = 'stream' and c->>'patient' is not null then
    return array(select jsonb_array_elements_text(c->'writes') intersect values ('vitals'), ('labs'));
  end if;
  return sec.writable();
end $$;
create function sec.watches() returns text[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c jsonb := sec.context();
begin
  if c->>'role' = 'monitor' then
    return case when sec.monitors(c) then array(select jsonb_array_elements_text(c->'writes')) else '{}' end;
  end if;
  return sec.writable();
end $$;

-- Whether the service watches for the patient in view: it is the one that asks, and the person did not switch it off.
create function sec.is_watching() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sec.monitors(c) and c->>'patient' is not null from (select sec.context() as c) as one
$$;
-- Whom the person shares with, for the service that watches: an alarm is told only to those.
create policy monitor_reads on consent.access_grant for select to vs_app
  using (patient_id = (select sec.patient()) and (select sec.is_watching()));

-- Policies by category as sec.protect gives them, with the functions that say who reads and who writes.
create procedure sec.protect_tracked(target regclass, category text, reads text, writes text) language plpgsql as $$
declare
  mine text := 'patient_id = (select sec.patient())';
  readable text := format('%s = any((select %s())::text[])', category, reads);
  writable text := format('%s = any((select %s())::text[])', category, writes);
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

------------------------------------------------------------------------------------------------------------------------
-- How a person wants to be watched: where they live in time, when not to be woken, how to be told.
create table phi.tracking_settings (
  patient_id uuid primary key,
  timezone text not null default 'UTC',
  quiet_from time,
  quiet_until time,
  channels text[] not null default '{page,email}' check (channels <@ '{page,email,webhook}'),
  hook_url text,
  tells_providers boolean not null default false,
  changed_at timestamptz not null);
grant select, insert, update on phi.tracking_settings to vs_app;
call sec.protect_tracked('phi.tracking_settings', '''vitals''', 'sec.tracks', 'sec.writable');

create table phi.device (
  patient_id uuid not null,
  id uuid not null,
  name text not null,
  kind text,
  maker text,
  model text,
  external_id text,
  firmware text,
  battery real check (battery between 0 and 1),
  reported_at timestamptz,
  registered_at timestamptz not null,
  last_seen_at timestamptz,
  retired_at timestamptz,
  primary key (patient_id, id));
grant select, insert, update on phi.device to vs_app;
call sec.protect_tracked('phi.device', '''vitals''', 'sec.tracks', 'sec.streams');

-- What devices measured, month by month of `at`. `flags` are bits in the order of tracking.schemas.Flag.
create table phi.device_sample (
  patient_id uuid not null,
  metric text not null,
  at timestamptz not null,
  device_id uuid not null,
  until timestamptz,
  category text not null,
  value float8 not null,
  unit text not null,
  quality real not null check (quality between 0 and 1),
  flags int not null,
  note text,
  recorded_at timestamptz not null,
  primary key (patient_id, metric, at, device_id),
  check (until is null or until >= at))
  partition by range (at);
grant select, insert, update, delete on phi.device_sample to vs_app;
call sec.protect_tracked('phi.device_sample', 'category', 'sec.tracks', 'sec.streams');
create table phi.device_sample_rest partition of phi.device_sample default;
alter table phi.device_sample_rest enable row level security;
alter table phi.device_sample_rest force row level security;

-- Makes the partitions of the months from `first` to `last`, at most three years around now; what lies in the rest moves.
-- Nobody may look into a partition by itself: the policies are the whole table's.
create function app.keep_sample_months(first date, last date) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  month date := date_trunc('month', greatest(first, (now() - interval '18 months')::date))::date;
  ends date := least(last, (now() + interval '18 months')::date);
  following date;
  name text;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('sample months', 0));
  while month <= ends loop
    following := (month + interval '1 month')::date;
    name := 'device_sample_' || to_char(month, 'YYYYMM');
    if to_regclass('phi.' || name) is null then
      execute format('create table phi.%I (like phi.device_sample including all)', name);
      execute format('alter table phi.%I enable row level security', name);
      execute format('alter table phi.%I force row level security', name);
      execute format('create policy owner_moves on phi.%I to vs_owner using (true) with check (true)', name);
      execute format(
        'with moved as (delete from phi.device_sample_rest where at >= %1$L::timestamptz and at < %2$L::timestamptz returning *) insert into phi.%3$I select * from moved',
        month::timestamp at time zone 'UTC', following::timestamp at time zone 'UTC', name);
      execute format('alter table phi.device_sample attach partition phi.%I for values from (%L) to (%L)',
        name, month::timestamp at time zone 'UTC', following::timestamp at time zone 'UTC');
      made := made + 1;
    end if;
    month := following;
  end loop;
  return made;
end $$;
create policy owner_moves on phi.device_sample_rest to vs_owner using (true) with check (true);
do $$ begin perform app.keep_sample_months((now() - interval '13 months')::date, (now() + interval '2 months')::date); end $$;

-- Sums by hour and by day of the person's own days, for each device and (device_id of zeros) for all of them merged.
-- A `closed` one outlives its samples: they were counted, checked and removed.
create table phi.rollup (
  patient_id uuid not null,
  metric text not null,
  span text not null check (span in ('hour', 'day')),
  starts timestamptz not null,
  device_id uuid not null,
  ends timestamptz not null,
  category text not null,
  unit text not null,
  n int not null,
  total float8 not null,
  total_squares float8 not null,
  least float8 not null,
  most float8 not null,
  middle float8 not null,
  last_value float8 not null,
  last_at timestamptz not null,
  quality real not null,
  closed boolean not null default false,
  primary key (patient_id, metric, span, starts, device_id));
grant select, insert, update, delete on phi.rollup to vs_app;
call sec.protect_tracked('phi.rollup', 'category', 'sec.tracks', 'sec.streams');

-- Which device counts first, for one metric or ('*') for all.
create table phi.source_priority (
  patient_id uuid not null,
  metric text not null,
  device_ids uuid[] not null,
  changed_at timestamptz not null,
  primary key (patient_id, metric));
grant select, insert, update, delete on phi.source_priority to vs_app;
call sec.protect_tracked('phi.source_priority', '''vitals''', 'sec.tracks', 'sec.writable');

-- One file, batch or delivery that came in: `key` makes a repeat of it known.
create table phi.delivery (
  patient_id uuid not null,
  id uuid not null,
  key text not null,
  source text not null,
  device_id uuid,
  received_at timestamptz not null,
  digest bytea not null,
  report jsonb not null,
  primary key (patient_id, id),
  unique (patient_id, key));
grant select, insert on phi.delivery to vs_app;
call sec.protect_tracked('phi.delivery', '''vitals''', 'sec.tracks', 'sec.streams');

-- Rows that could not be taken, kept until they are mended or thrown away.
create table phi.rejected_row (
  patient_id uuid not null,
  id uuid not null,
  delivery_id uuid not null,
  place text not null,
  reason text not null,
  content text not null,
  received_at timestamptz not null,
  settled_at timestamptz,
  settled_as text check (settled_as in ('mended', 'dropped')),
  primary key (patient_id, id));
create index rejected_row_open on phi.rejected_row (patient_id, received_at) where settled_at is null;
grant select, insert, update on phi.rejected_row to vs_app;
call sec.protect_tracked('phi.rejected_row', '''vitals''', 'sec.tracks', 'sec.streams');

create table phi.workout (
  patient_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  sport text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  distance_m float8,
  energy_kcal float8,
  ascent_m float8,
  descent_m float8,
  route jsonb,
  recorded_at timestamptz not null,
  primary key (patient_id, id),
  check (ended_at >= started_at));
create index workout_by_time on phi.workout (patient_id, started_at desc);
grant select, insert, update, delete on phi.workout to vs_app;
call sec.protect_tracked('phi.workout', '''vitals''', 'sec.tracks', 'sec.streams');

-- A range of one's own, set by the person or a provider; the one without an end holds.
create table phi.personal_range (
  patient_id uuid not null,
  id uuid not null,
  metric text not null,
  category text not null,
  low float8,
  high float8,
  unit text not null,
  reason text,
  set_by uuid not null,
  set_by_role text not null check (set_by_role in ('patient', 'provider')),
  set_at timestamptz not null,
  ended_at timestamptz,
  primary key (patient_id, id),
  check (low is not null or high is not null),
  check (low is null or high is null or low < high));
create unique index personal_range_now on phi.personal_range (patient_id, metric, set_by_role) where ended_at is null;
grant select, insert, update (ended_at) on phi.personal_range to vs_app;
call sec.protect_tracked('phi.personal_range', 'category', 'sec.tracks', 'sec.writable');

-- Numbers of the record and of devices as one series. `source_id` is a record or a device.
create view phi.measured with (security_invoker = true) as
  select patient_id, metric, at, null::timestamptz as until, record_id as source_id, false as by_device, category,
         value, unit, low, high, 1::real as quality, 0 as flags, null::text as note, recorded_at
  from phi.sample
  union all
  select patient_id, metric, at, until, device_id, true, category, value, unit, null, null, quality, flags, note, recorded_at
  from phi.device_sample;
grant select on phi.measured to vs_app;

------------------------------------------------------------------------------------------------------------------------
-- What was decided about an event, on what ground, and what was done about it.
create table phi.decision (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  event_id uuid not null,
  correlation_id uuid not null,
  agent text not null,
  rule text not null,
  rule_version text not null,
  model text,
  outcome text not null,
  urgency text not null check (urgency in ('self_care', 'routine', 'urgent', 'emergency')),
  confidence real not null check (confidence between 0 and 1),
  inputs jsonb not null,
  findings jsonb not null,
  decided_at timestamptz not null,
  primary key (patient_id, id),
  unique (patient_id, event_id, agent, rule));
create index decision_by_time on phi.decision (patient_id, decided_at desc);
grant select, insert on phi.decision to vs_app;
call sec.protect_tracked('phi.decision', 'category', 'sec.readable', 'sec.watches');

create table phi.action (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  decision_id uuid not null,
  kind text not null check (kind in
    ('alert', 'recommend', 'suggest_goal', 'schedule_check', 'update_risk', 'ask', 'notify_provider', 'clear_alert')),
  ref text,
  details jsonb not null,
  done_at timestamptz not null,
  primary key (patient_id, id),
  foreign key (patient_id, decision_id) references phi.decision (patient_id, id));
create index action_of_decision on phi.action (patient_id, decision_id);
grant select, insert on phi.action to vs_app;
call sec.protect_tracked('phi.action', 'category', 'sec.readable', 'sec.watches');

-- Where a person stands, one row for each change; the newest of a key holds.
create table phi.risk (
  patient_id uuid not null,
  key text not null,
  at timestamptz not null,
  category text not null,
  label text not null,
  text text not null,
  evidence jsonb not null,
  decision_id uuid not null,
  primary key (patient_id, key, at));
grant select, insert on phi.risk to vs_app;
call sec.protect_tracked('phi.risk', 'category', 'sec.readable', 'sec.watches');

-- One alarm for each key that is open: a second reading of the same kind joins it.
create table phi.alarm (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  key text not null,
  title text not null,
  text text not null,
  state text not null check (state in ('raised', 'acknowledged', 'snoozed', 'escalated', 'cleared', 'stale')),
  urgency text not null check (urgency in ('self_care', 'routine', 'urgent', 'emergency')),
  raised_at timestamptz not null,
  changed_at timestamptz not null,
  seen int not null default 1,
  last_seen_at timestamptz not null,
  snoozed_until timestamptz,
  decision_id uuid not null,
  evidence jsonb not null,
  version int not null default 1,
  primary key (patient_id, id));
create unique index alarm_open on phi.alarm (patient_id, key) where state not in ('cleared', 'stale');
create index alarm_by_time on phi.alarm (patient_id, changed_at desc);
grant select, insert, update on phi.alarm to vs_app;
call sec.protect_tracked('phi.alarm', 'category', 'sec.readable', 'sec.watches');

create table phi.alarm_change (
  patient_id uuid not null,
  alarm_id uuid not null,
  version int not null,
  category text not null,
  state text not null,
  at timestamptz not null,
  actor_id uuid not null,
  actor_role text not null,
  note text,
  primary key (patient_id, alarm_id, version),
  foreign key (patient_id, alarm_id) references phi.alarm (patient_id, id));
grant select, insert on phi.alarm_change to vs_app;
call sec.protect_tracked('phi.alarm_change', 'category', 'sec.readable', 'sec.watches');

-- What a person is asked to do: measure again, answer a question, see to a device.
create table phi.task (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  kind text not null check (kind in ('measure_again', 'question', 'see_clinician', 'device')),
  key text not null,
  text text not null,
  metric text,
  due_at timestamptz not null,
  state text not null check (state in ('open', 'done', 'dismissed', 'expired')),
  answer text,
  alarm_id uuid,
  decision_id uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (patient_id, id));
create unique index task_open on phi.task (patient_id, key) where state = 'open';
grant select, insert, update on phi.task to vs_app;
call sec.protect_tracked('phi.task', 'category', 'sec.readable', 'sec.watches');

-- What a person was told outside of the page, once for each alarm, version and way.
create table phi.notification (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  alarm_id uuid not null,
  alarm_version int not null,
  channel text not null check (channel in ('page', 'email', 'webhook')),
  recipient_id uuid not null,
  not_before timestamptz not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (patient_id, id),
  unique (patient_id, alarm_id, alarm_version, channel, recipient_id));
grant select, insert, update on phi.notification to vs_app;
call sec.protect_tracked('phi.notification', 'category', 'sec.readable', 'sec.watches');

create table phi.goal (
  patient_id uuid not null,
  id uuid not null,
  category text not null,
  metric text not null,
  direction text not null check (direction in ('at_least', 'at_most')),
  target float8 not null,
  unit text not null,
  per text not null check (per in ('day', 'week', 'reading')),
  state text not null check (state in ('suggested', 'active', 'refused', 'reached', 'ended')),
  made_by text not null check (made_by in ('patient', 'provider', 'service')),
  reason text,
  evidence jsonb not null,
  since timestamptz not null,
  until timestamptz,
  changed_at timestamptz not null,
  replaces uuid,
  decision_id uuid,
  primary key (patient_id, id));
create unique index goal_open on phi.goal (patient_id, metric, direction, per, state)
  where state in ('suggested', 'active');
grant select, insert, update on phi.goal to vs_app;
call sec.protect_tracked('phi.goal', 'category', 'sec.readable', 'sec.watches');

------------------------------------------------------------------------------------------------------------------------
-- app: keys of incoming webhooks, outgoing ones, and what is due at some time. The service's own context reads them.
create table app.webhook (
  id uuid primary key,
  patient_id uuid not null,
  device_id uuid not null,
  sealed_secret bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz);
call app.for_service('app.webhook');
-- The ledger of what leaves by webhook; `body` points to an alarm and tells nothing of it.
create table app.outgoing_hook (
  id uuid primary key,
  patient_id uuid not null,
  url text not null,
  body text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  attempts int not null default 0,
  retry_at timestamptz,
  last_error text);
create index outgoing_hook_waiting on app.outgoing_hook (created_at) where sent_at is null;
call app.for_service('app.outgoing_hook');
create table app.timer (
  id uuid primary key,
  patient_id uuid not null,
  kind text not null check (kind in ('task', 'snooze', 'escalation', 'staleness', 'notification', 'goal')),
  ref uuid not null,
  due_at timestamptz not null,
  created_at timestamptz not null,
  done_at timestamptz);
create index timer_due on app.timer (due_at) where done_at is null;
call app.for_service('app.timer');
create policy winds on app.timer for insert to vs_app
  with check (patient_id = (select sec.patient()) and (
    (select sec.own_record()) or (select sec.is_watching())
    or cardinality((select sec.granted('write'))::text[]) > 0));

-- Those who act for a person tell of that person alone, and only of what they may do.
create policy tell_acting on app.event for insert to vs_app
  with check (actor_id = (select sec.subject()) and patient_id = (select sec.patient()) and (
    ((select sec.role()) = 'stream' and (type like 'samples.%' or type like 'device.%'))
    or ((select sec.is_watching())
        and (type like 'decision.%' or type like 'alarm.%' or type like 'task.%' or type like 'goal.%'
             or type like 'risk.%' or type like 'device.%'))));

------------------------------------------------------------------------------------------------------------------------
revoke execute on all routines in schema sec, app from public;
grant execute on function
  sec.readable(), sec.tracks(), sec.streams(), sec.watches(), sec.is_watching(), app.keep_sample_months(date, date) to vs_app;
