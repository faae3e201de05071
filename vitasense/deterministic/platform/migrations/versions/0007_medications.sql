-- The tables of the medications room: what FHIR R4 has no good place for. The medicines themselves are resources of the
-- record. Each row is shared as medications; a provider's write and the service that watches are as everywhere.

------------------------------------------------------------------------------------------------------------------------
-- The log of doses. `due` names what was due ("2026-11-03/MORN"); without it the dose stands by itself. A correction is
-- another version, a removed one says so; nothing is overwritten.
create table phi.medicine_dose (
  patient_id uuid not null,
  id uuid not null,
  version int not null default 1,
  medicine_id uuid not null,
  status text not null check (status in ('taken', 'missed', 'skipped')),
  at timestamptz not null,
  due text,
  extra boolean not null default false,
  amount float8 check (amount > 0),
  unit text,
  reason text,
  actor_id uuid not null,
  actor_role text not null,
  recorded_at timestamptz not null,
  removed_at timestamptz,
  primary key (patient_id, id, version),
  check ((amount is null) = (unit is null)));
create index medicine_dose_by_time on phi.medicine_dose (patient_id, medicine_id, at desc);
grant select, insert on phi.medicine_dose to vs_app;
call sec.protect('phi.medicine_dose', '''medications''');

-- How much a person said they have, at a time: a later count takes the place of an earlier one.
create table phi.medicine_supply (
  patient_id uuid not null,
  id uuid not null,
  medicine_id uuid not null,
  at timestamptz not null,
  quantity float8 not null check (quantity >= 0),
  unit text not null,
  actor_id uuid not null,
  recorded_at timestamptz not null,
  primary key (patient_id, id));
create index medicine_supply_by_time on phi.medicine_supply (patient_id, medicine_id, at desc);
grant select, insert on phi.medicine_supply to vs_app;
call sec.protect('phi.medicine_supply', '''medications''');

-- Of what a person wants to be reminded. `next_at` is when the service looks next; `clock` are times for parts of a day.
create table phi.medicine_reminder (
  patient_id uuid not null,
  medicine_id uuid not null,
  kind text not null check (kind in ('dose', 'refill')),
  is_on boolean not null,
  days_before int check (days_before between 1 and 60),
  clock jsonb not null default '{}',
  decision_id uuid not null,
  next_at timestamptz,
  changed_at timestamptz not null,
  primary key (patient_id, medicine_id, kind));
grant select, insert, update on phi.medicine_reminder to vs_app;
call sec.protect_tracked('phi.medicine_reminder', '''medications''', 'sec.readable', 'sec.watches');

-- A symptom that a person puts down to a medicine; the symptom itself is an Observation of the record.
create table phi.side_effect (
  patient_id uuid not null,
  id uuid not null,
  medicine_id uuid not null,
  symptom_id uuid not null,
  note text,
  actor_id uuid not null,
  actor_role text not null,
  recorded_at timestamptz not null,
  removed_at timestamptz,
  primary key (patient_id, id));
create index side_effect_of_medicine on phi.side_effect (patient_id, medicine_id);
grant select, insert, update (removed_at) on phi.side_effect to vs_app;
call sec.protect('phi.side_effect', '''medications''');

-- A finding that somebody chose to live with. `key` says what it is about and `fingerprint` what mattered, both digests:
-- what they were made of may be shared as less than medications. Read by who may read all that the finding drew on.
create table phi.check_override (
  patient_id uuid not null,
  id uuid not null,
  key text not null,
  fingerprint text not null,
  categories text[] not null,
  kind text not null,
  reason text not null,
  actor_id uuid not null,
  actor_role text not null check (actor_role in ('patient', 'provider')),
  at timestamptz not null,
  ended_at timestamptz,
  primary key (patient_id, id));
create index check_override_by_key on phi.check_override (patient_id, key) where ended_at is null;
alter table phi.check_override enable row level security;
alter table phi.check_override force row level security;
create policy read on phi.check_override for select to vs_app
  using (patient_id = (select sec.patient()) and categories <@ (select sec.readable())::text[]);
create policy add on phi.check_override for insert to vs_app
  with check (patient_id = (select sec.patient()) and 'medications' = any((select sec.writable())::text[])
              and actor_id = (select sec.subject()));
create policy change on phi.check_override for update to vs_app
  using (patient_id = (select sec.patient()) and 'medications' = any((select sec.writable())::text[]))
  with check (patient_id = (select sec.patient()) and 'medications' = any((select sec.writable())::text[]));
call audit.watch('phi.check_override');
grant select, insert, update (ended_at) on phi.check_override to vs_app;

------------------------------------------------------------------------------------------------------------------------
-- Tasks and timers of medicines.
alter table phi.task drop constraint task_kind_check;
alter table phi.task add constraint task_kind_check
  check (kind in ('measure_again', 'question', 'see_clinician', 'device', 'dose', 'refill'));
alter table app.timer drop constraint timer_kind_check;
alter table app.timer add constraint timer_kind_check
  check (kind in ('task', 'snooze', 'escalation', 'staleness', 'notification', 'goal', 'dose', 'refill'));
