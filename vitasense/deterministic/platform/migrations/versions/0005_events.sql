-- Events in order. `seq` is counted when an event is written, after its transaction has got its number (columns are
-- filled from the left, and `xid` stands before it): a transaction that is over cannot leave a smaller `seq` behind.
alter table app.event add column seq bigint generated always as identity unique;
-- What orders events: those of one key are handled one after another.
alter table app.event add column key text not null generated always as (coalesce(patient_id::text, type)) stored;
-- By the database's clock, for age and grace; `recorded_at` is the application's.
alter table app.event add column written_at timestamptz not null default clock_timestamp();
drop index app.event_in_order;

-- What is long done is removed by the service, and by nobody else.
grant delete on app.event to vs_app;

-- Every `seq` up to `settled` is committed or will never be; up to `next` it will be once transaction `at` and all
-- before it are over.
create table app.event_mark (
  id boolean primary key default true check (id),
  settled bigint not null default 0,
  next bigint not null default 0,
  at xid8 not null default '0');
insert into app.event_mark default values;
call app.for_service('app.event_mark');
revoke insert, delete on app.event_mark from vs_app;

-- Where each consumer has got to: every event up to `reached` is noted in its inbox, or none of its types.
alter table app.relay drop column reached;
alter table app.relay add column reached bigint not null default 0;

-- `key` and `seq` are filled in for what failed or waits.
alter table app.inbox add column key text;
alter table app.inbox add column seq bigint;
alter table app.inbox add column failures jsonb not null default '[]';
create index inbox_open on app.inbox (consumer, key, seq) where handled_at is null and parked_at is null;
create index inbox_failing on app.inbox (consumer, key, seq)
  where handled_at is null and parked_at is null and retry_at is not null;
create index inbox_parked on app.inbox (parked_at) where parked_at is not null;

-- What failed before there were these columns. The owner may see the rows for this one statement.
alter table app.inbox no force row level security;
alter table app.event no force row level security;
update app.inbox i set key = e.key, seq = e.seq from app.event e where e.id = i.event_id and i.handled_at is null;
alter table app.inbox force row level security;
alter table app.event force row level security;

-- Plans that hold whatever the statistics say: along `seq` from where the consumer has got to, one look into the inbox
-- for each event, and an end as soon as there is enough.
create procedure app.plan_in_order(target regproc) language plpgsql as $$
declare
  setting text;
begin
  foreach setting in array array['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_hashjoin', 'enable_mergejoin']
  loop
    execute format('alter function %s set %s = off', target, setting);
  end loop;
end $$;

-- Whether an event, or one before it of its key, failed and waits for another try.
create function app.is_held(who text, of_key text, of_seq bigint) returns boolean
language sql stable parallel safe as $$
  select exists (select from app.inbox b where b.consumer = who and b.handled_at is null and b.parked_at is null
    and b.retry_at > statement_timestamp() and b.key = of_key and b.seq <= of_seq)
$$;

-- The keys of which something is to be done, those of the oldest events first, each with the last `seq` that was seen.
create function app.open_keys(who text, kinds text[], grace interval, ahead int) returns table (key text, last bigint)
language sql stable as $$
  with start as (select coalesce((select r.reached from app.relay r where r.consumer = who), 0) as seq),
  fresh as (
    select e.key, e.seq from app.event e
    where e.seq > (select seq from start) and (kinds is null or e.type = any(kinds))
      and e.written_at <= statement_timestamp() - grace
      and (select true from app.inbox n where n.consumer = who and n.event_id = e.id) is null
      and not app.is_held(who, e.key, e.seq)
    order by e.seq limit ahead),
  again as (
    select i.key, i.seq from app.inbox i
    where i.consumer = who and i.handled_at is null and i.parked_at is null
      and (i.retry_at is null or i.retry_at <= statement_timestamp()) and not app.is_held(who, i.key, i.seq)
    limit ahead)
  select due.key, max(due.seq) from (select * from fresh union all select * from again) as due
  group by due.key order by min(due.seq)
$$;
call app.plan_in_order('app.open_keys');

-- The first event of these types that the consumer has not noted, up to what is settled; null when it noted all.
create function app.first_unnoted(who text, kinds text[]) returns bigint
language sql stable as $$
  select e.seq from app.event e
  where e.seq > coalesce((select r.reached from app.relay r where r.consumer = who), 0)
    and e.seq <= (select settled from app.event_mark) and (kinds is null or e.type = any(kinds))
    and (select true from app.inbox n where n.consumer = who and n.event_id = e.id) is null
  order by e.seq limit 1
$$;
call app.plan_in_order('app.first_unnoted');
drop procedure app.plan_in_order;

revoke execute on function
  app.is_held(text, text, bigint), app.open_keys(text, text[], interval, int), app.first_unnoted(text, text[]) from public;
grant execute on function
  app.is_held(text, text, bigint), app.open_keys(text, text[], interval, int), app.first_unnoted(text, text[]) to vs_app;
