-- What people decide about sentences of labels, guidelines and articles before it counts as knowledge. Shared, and nothing
-- of any patient. Administrators and the service read, write and decide, each in their own name; everybody else sees what
-- was accepted, as edges of a release. A decision is never changed: another one follows it.

-- What only administrators and the service see and add to; `who` is the column that says who did it.
create procedure app.for_reviewers(target regclass, who text) language plpgsql as $$
declare
  reviewer text := '(select sec.role()) in (''admin'', ''system'')';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy owner_keeps on %s to vs_owner using (true) with check (true)', target);
  execute format('create policy reviewers_read on %s for select to vs_app using (%s)', target, reviewer);
  execute format('create policy reviewers_add on %s for insert to vs_app with check (%s and %I = (select sec.subject()))',
                 target, reviewer, who);
end $$;

-- A document that was read. Its text is kept beside it since 0009: `digest` is the SHA-256 of its words, `length` counts characters. The
-- title is the name of the release that what was accepted becomes.
create table app.knowledge_material (
  id uuid primary key,
  kind text not null check (kind in ('label', 'guideline', 'article')),
  title text not null check (length(title) between 1 and 120),
  source text not null check (length(source) between 1 and 400),
  about text[] not null,
  digest bytea not null unique check (length(digest) = 32),
  length int not null check (length > 0),
  added_at timestamptz not null,
  added_by uuid not null);
create unique index knowledge_material_title on app.knowledge_material (lower(title));

-- A sentence and the edge that it would become. `candidate` is what was read and `draft` the edge made of it, both never
-- changed; `edited` is the edge as a person mended it. The last columns are those of the last of its `decisions`.
create table app.knowledge_candidate (
  id uuid primary key,
  material_id uuid not null references app.knowledge_material (id),
  place int not null check (place >= 0),
  start_at int not null check (start_at >= 0),
  end_at int not null check (end_at > start_at),
  sentence text not null check (length(sentence) between 1 and 8000),
  candidate jsonb not null,
  draft jsonb not null,
  added_by uuid not null,
  state text not null check (state in ('proposed', 'accepted', 'edited', 'refused')),
  decisions int not null default 0 check (decisions >= 0),
  edited jsonb,
  reason text check (length(reason) between 1 and 1000),
  decided_by uuid,
  decided_at timestamptz,
  release_id uuid references app.knowledge_release (id),
  unique (material_id, place),
  check ((state = 'proposed') = (decisions = 0) and (decisions = 0) = (decided_at is null)
         and (decided_at is null) = (decided_by is null) and (state = 'edited') = (edited is not null)
         and (state <> 'proposed' or release_id is null)));
create index knowledge_candidate_by_state on app.knowledge_candidate (state, material_id, place);

-- What was decided, in order. `edge` is the edge that came of it and `release_id` the release that first had or lost it.
create table app.knowledge_decision (
  candidate_id uuid not null references app.knowledge_candidate (id),
  number int not null check (number > 0),
  state text not null check (state in ('accepted', 'edited', 'refused')),
  edge jsonb check ((edge is null) = (state = 'refused')),
  reason text check (length(reason) between 1 and 1000),
  decided_by uuid not null,
  decided_at timestamptz not null,
  release_id uuid references app.knowledge_release (id),
  primary key (candidate_id, number));

revoke execute on procedure app.for_reviewers(regclass, text) from public;
call app.for_reviewers('app.knowledge_material', 'added_by');
call app.for_reviewers('app.knowledge_candidate', 'added_by');
call app.for_reviewers('app.knowledge_decision', 'decided_by');
create policy nothing_decided on app.knowledge_candidate as restrictive for insert to vs_app with check (state = 'proposed');
create policy reviewers_decide on app.knowledge_candidate for update to vs_app
  using ((select sec.role()) in ('admin', 'system')) with check (decided_by = (select sec.subject()));
grant select, insert on app.knowledge_material, app.knowledge_candidate, app.knowledge_decision to vs_app;
grant update (state, decisions, edited, reason, decided_by, decided_at, release_id) on app.knowledge_candidate to vs_app;
