-- Memory: personal memories with their vectors in phi, shared knowledge in app.
-- Vectors of different models lie in one table and never meet: each row names its space, each space has an index.

-- Any of the words that matter, by the English configuration: `websearch` and `plainto` ask for all of them.
create function app.any_word(words text) returns tsquery
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as
$$ select replace(plainto_tsquery('pg_catalog.english'::regconfig, words)::text, ' & ', ' | ')::tsquery $$;

-- The distinct words that matter, each as a question of its own.
create function app.each_word(words text) returns tsquery[]
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select array(select ('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''')::tsquery
    from unnest(tsvector_to_array(to_tsvector('pg_catalog.english'::regconfig, words))) as word)
$$;

-- At least two of two to eight words that matter; any of them when there is one, or more than eight. A text that holds
-- this ranks before one that only holds one of the words (in searching.py, too).
create function app.first_words(words text) returns tsquery
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  terms tsquery[] := app.each_word(words);
  earlier tsquery := terms[1];
  two tsquery;
begin
  if cardinality(terms) not between 2 and 8 then return app.any_word(words); end if;
  for i in 2 .. cardinality(terms) loop
    two := coalesce(two || (terms[i] && earlier), terms[i] && earlier);
    earlier := earlier || terms[i];
  end loop;
  return two;
end $$;

-- What every signed-in account may read and only the service itself may write.
create procedure app.for_everyone(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy owner_keeps on %s to vs_owner using (true) with check (true)', target);
  execute format('create policy everyone_reads on %s for select to vs_app using ((select sec.role()) <> ''nobody'')', target);
  execute format('create policy service_adds on %s for insert to vs_app with check ((select sec.role()) = ''system'')', target);
  execute format('create policy service_changes on %s for update to vs_app using ((select sec.role()) = ''system'')', target);
  execute format('create policy service_removes on %s for delete to vs_app using ((select sec.role()) = ''system'')', target);
end $$;

create table app.vector_space (
  id smallint generated always as identity primary key,
  model text not null,
  version text not null,
  dimensions int not null check (dimensions between 1 and 4000),  -- what an HNSW index of halfvec holds
  used_at timestamptz not null default now(),  -- when a process last said, to the minute, that it embeds in it
  unique (model, version, dimensions));
call app.for_everyone('app.vector_space');
grant select on app.vector_space to vs_app;

------------------------------------------------------------------------------------------------------------------------
-- Personal memory. A conversation that is deleted takes what was summarised of it along.
create table phi.memory (
  patient_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('fact', 'preference', 'episode', 'passage')),
  category text not null,
  text text not null check (length(text) between 1 and 8000),
  key text,
  source jsonb not null,
  confidence float8 not null check (confidence between 0 and 1),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  superseded_by uuid,
  thread_id uuid,
  words tsvector not null generated always as (to_tsvector('pg_catalog.english'::regconfig, text)) stored,
  primary key (patient_id, id),
  unique (patient_id, id, category, kind),
  foreign key (patient_id, thread_id) references phi.thread (patient_id, id) on delete cascade);
create index memory_by_kind on phi.memory (patient_id, kind, occurred_at);
create index memory_by_key on phi.memory (patient_id, key) where key is not null;
create index memory_of_thread on phi.memory (patient_id, thread_id) where thread_id is not null;
create index memory_words on phi.memory using gin (words);

-- Category and kind are those of the memory, always: a vector tells about its text, and is as private.
create table phi.memory_vector (
  patient_id uuid not null,
  memory_id uuid not null,
  space smallint not null references app.vector_space (id),
  category text not null,
  kind text not null,
  embedding public.halfvec not null,
  primary key (patient_id, memory_id, space),
  foreign key (patient_id, memory_id, category, kind) references phi.memory (patient_id, id, category, kind)
    on update cascade on delete cascade);
grant select, insert, update, delete on phi.memory, phi.memory_vector to vs_app;
call sec.protect('phi.memory', 'category');
call sec.protect('phi.memory_vector', 'category');
-- What was summarised of a conversation is as private as the conversation: nobody but the person it is about sees or
-- adds it, whatever is shared.
create policy own_episodes on phi.memory as restrictive to vs_app
  using (kind <> 'episode' or (select sec.own_record())) with check (kind <> 'episode' or (select sec.own_record()));
create policy own_episodes on phi.memory_vector as restrictive to vs_app
  using (kind <> 'episode' or (select sec.own_record())) with check (kind <> 'episode' or (select sec.own_record()));
-- What the person had summarised and then forgotten is not summarised again: only what is said later is.
alter table phi.thread add column forgotten_until timestamptz;
create function phi.forget_conversation() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update phi.thread t set forgotten_until = t.updated_at
  where t.patient_id = old.patient_id and t.id = old.thread_id and t.forgotten_until is distinct from t.updated_at;
  return null;
end $$;
create trigger forgotten after delete on phi.memory for each row when (old.kind = 'episode')
  execute function phi.forget_conversation();
-- For the functions below, which the service may call, and for nobody who logs in.
create policy owner_reads on phi.memory for select to vs_owner using (true);
create policy owner_keeps on phi.memory_vector to vs_owner using (true) with check (true);

-- A vector of words that are no longer there is no vector.
create function phi.forget_vectors() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from phi.memory_vector where patient_id = new.patient_id and memory_id = new.id;
  return null;
end $$;
create trigger forget_vectors after update of text on phi.memory
  for each row when (old.text is distinct from new.text) execute function phi.forget_vectors();

------------------------------------------------------------------------------------------------------------------------
-- Shared knowledge. `home` is where its vectors are sought; all changes up to (synced_xid, synced_id) are in Qdrant too.
create table app.collection (
  name text primary key,
  home text not null default 'postgres' check (home in ('postgres', 'qdrant')),
  synced_xid xid8 not null default '0',
  synced_id uuid not null default '00000000-0000-0000-0000-000000000000');
create table app.passage (
  collection text not null references app.collection (name) on delete cascade,
  id uuid not null,
  kind text not null check (kind = 'knowledge'),
  text text not null check (length(text) between 1 and 8000),
  key text,
  source jsonb not null,
  confidence float8 not null check (confidence between 0 and 1),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  superseded_by uuid,
  words tsvector not null generated always as (to_tsvector('pg_catalog.english'::regconfig, text)) stored,
  primary key (collection, id));
create index passage_by_key on app.passage (collection, key) where key is not null;
create index passage_words on app.passage using gin (words);
create table app.passage_vector (
  collection text not null,
  passage_id uuid not null,
  space smallint not null references app.vector_space (id),
  embedding public.halfvec not null,
  primary key (collection, passage_id, space),
  foreign key (collection, passage_id) references app.passage (collection, id) on delete cascade);
-- What has no vector in a space yet, kept by the triggers below: counting it must not read a whole collection.
create table app.passage_waiting (
  collection text not null,
  passage_id uuid not null,
  space smallint not null references app.vector_space (id) on delete cascade,
  primary key (collection, space, passage_id),
  foreign key (collection, passage_id) references app.passage (collection, id) on delete cascade);
-- The last change of each passage, removal too, in order of transactions: what Qdrant has to follow.
create table app.passage_change (
  collection text not null,
  passage_id uuid not null,
  xid xid8 not null,
  primary key (collection, passage_id));
create index change_in_order on app.passage_change (collection, xid, passage_id);
call app.for_everyone('app.collection');
call app.for_everyone('app.passage');
call app.for_everyone('app.passage_vector');
call app.for_everyone('app.passage_waiting');
call app.for_everyone('app.passage_change');
grant select, insert, update, delete on app.collection, app.passage, app.passage_vector, app.passage_change to vs_app;
grant select, insert, delete on app.passage_waiting to vs_app;

-- In order of ids, so that two writers of the same passages wait for each other instead of in a ring.
create function app.passage_added() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.passage_waiting select c.collection, c.id, s.id from changed c cross join app.vector_space s
    order by c.id on conflict do nothing;
  insert into app.passage_change select collection, id, pg_current_xact_id() from changed order by id
    on conflict (collection, passage_id) do update set xid = excluded.xid;
  return null;
end $$;
create function app.passage_changed() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.passage_vector v using changed c, before b
    where (b.collection, b.id) = (c.collection, c.id) and b.text <> c.text
      and (v.collection, v.passage_id) = (c.collection, c.id);
  insert into app.passage_change select collection, id, pg_current_xact_id() from changed order by id
    on conflict (collection, passage_id) do update set xid = excluded.xid;
  return null;
end $$;
create function app.passage_removed() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.passage_change select collection, id, pg_current_xact_id() from changed order by id
    on conflict (collection, passage_id) do update set xid = excluded.xid;
  return null;
end $$;
create function app.vector_added() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.passage_waiting w using changed c
    where (w.collection, w.passage_id, w.space) = (c.collection, c.passage_id, c.space);
  insert into app.passage_change select distinct collection, passage_id, pg_current_xact_id() from changed
    order by passage_id on conflict (collection, passage_id) do update set xid = excluded.xid;
  return null;
end $$;
create function app.vector_removed() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.passage_waiting select c.collection, c.passage_id, c.space from changed c
    join app.passage p on (p.collection, p.id) = (c.collection, c.passage_id)
    order by c.passage_id on conflict do nothing;
  insert into app.passage_change select distinct collection, passage_id, pg_current_xact_id() from changed
    order by passage_id on conflict (collection, passage_id) do update set xid = excluded.xid;
  return null;
end $$;
create trigger added after insert on app.passage
  referencing new table as changed for each statement execute function app.passage_added();
create trigger changed after update on app.passage
  referencing old table as before new table as changed for each statement execute function app.passage_changed();
create trigger removed after delete on app.passage
  referencing old table as changed for each statement execute function app.passage_removed();
create trigger added after insert on app.passage_vector
  referencing new table as changed for each statement execute function app.vector_added();
create trigger changed after update on app.passage_vector
  referencing new table as changed for each statement execute function app.vector_added();
create trigger removed after delete on app.passage_vector
  referencing old table as changed for each statement execute function app.vector_removed();

------------------------------------------------------------------------------------------------------------------------
-- What the service itself may do with spaces and with memories that wait for a vector.
create function app.only_service() returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if sec.role() <> 'system' then
    raise exception 'only the service itself may do this' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The id of the space, with its indexes made when it is new.
create function app.use_space(model text, version text, dimensions int) returns smallint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_id smallint;
begin
  perform app.only_service();
  perform pg_advisory_xact_lock(hashtextextended('vector space', 0));
  select s.id into found_id from app.vector_space s
    where (s.model, s.version, s.dimensions) = (use_space.model, use_space.version, use_space.dimensions);
  if found then
    update app.vector_space s set used_at = now() where s.id = found_id and s.used_at < now() - interval '1 minute';
    return found_id;
  end if;
  insert into app.vector_space (model, version, dimensions) values (model, version, dimensions) returning id into found_id;
  insert into app.passage_waiting select p.collection, p.id, found_id from app.passage p;
  execute format('create index memory_space_%s on phi.memory_vector using hnsw
    ((embedding::public.halfvec(%s)) public.halfvec_cosine_ops) where space = %s', found_id, dimensions, found_id);
  execute format('create index passage_space_%s on app.passage_vector using hnsw
    ((embedding::public.halfvec(%s)) public.halfvec_cosine_ops) where space = %s', found_id, dimensions, found_id);
  return found_id;
end $$;

-- Remove a space with all its vectors; each patient's log tells of it.
create function app.drop_space(gone smallint) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform app.only_service();
  perform pg_advisory_xact_lock(hashtextextended('vector space', 0));
  delete from phi.memory_vector where space = gone;
  delete from app.passage_vector where space = gone;
  execute format('drop index if exists phi.memory_space_%s, app.passage_space_%s', gone, gone);
  delete from app.vector_space where id = gone;
end $$;

-- Memories without a vector in the space, of any patient, oldest first. Each patient's log tells that they were read.
create function app.memory_without_vector(space smallint, most int) returns table (patient_id uuid, id uuid, text text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform app.only_service();
  return query
    with waiting as materialized (
      select m.patient_id, m.id, m.text from phi.memory m
      where not exists (select from phi.memory_vector v where v.patient_id = m.patient_id and v.memory_id = m.id
                        and v.space = memory_without_vector.space)
      order by m.id limit most),
    noted as materialized (
      select audit.append(w.patient_id, audit.actor(sec.context()) || jsonb_build_object(
        'verb', 'read', 'object', 'memory', 'count', w.n))
      from (select patient_id, count(*) as n from waiting group by patient_id order by patient_id) as w)
    select w.patient_id, w.id, w.text from waiting w where (select count(*) from noted) > 0 order by w.id;
end $$;

-- Add vectors to memories whose text is still the one that was embedded, by its SHA-256; how many were added.
-- One statement, so that each patient's log has one entry.
create function app.memory_add_vectors(
  space smallint, patients uuid[], ids uuid[], text_hashes bytea[], embeddings text[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  added int;
begin
  perform app.only_service();
  insert into phi.memory_vector (patient_id, memory_id, space, category, kind, embedding)
    select m.patient_id, m.id, memory_add_vectors.space, m.category, m.kind, g.embedding::public.halfvec
    from unnest(patients, ids, text_hashes, embeddings) as g (patient_id, id, text_hash, embedding)
    join phi.memory m on m.patient_id = g.patient_id and m.id = g.id and sha256(convert_to(m.text, 'utf8')) = g.text_hash
  on conflict (patient_id, memory_id, space) do nothing;
  get diagnostics added = row_count;
  return added;
end $$;
create function app.memory_add_vector(space smallint, patient_id uuid, id uuid, text_hash bytea, embedding text)
returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as
$$ select app.memory_add_vectors($1, array[$2], array[$3], array[$4], array[$5]) = 1 $$;

-- How much there is in each space, in numbers alone: one row for each space, and one without for the memories.
create function app.memory_census() returns table (space smallint, memories bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform app.only_service();
  return query select null::smallint, count(*) from phi.memory
    union all select s.id, count(v.memory_id) from app.vector_space s
      left join phi.memory_vector v on v.space = s.id group by s.id;
end $$;

-- The memories of one person that answer each question, best first: by meaning and by words, fused by reciprocal rank
-- (60 as in vitasense/memory/stores/fusion.py). A question has at least one row, which tells how much there is to search.
-- What may be seen is what the policies of both tables say (tests/memory/stores/test_search_rights.py compares them): the patient
-- in view, the categories of sec.readable(), which leaves the audit entry, and episodes in the own record alone. Each is
-- verified once here, where policies verify the context again for each condition on each table.
create function app.search_memories(
  place uuid, space smallint, texts text[], vectors text[], threshold float8, candidates int, most int,
  history boolean default false, kinds text[] default null, categories text[] default null, only_key text default null,
  since timestamptz default null, until timestamptz default null)
returns table (
  n int, waiting bigint, size bigint, score float8, similarity float8, id uuid, kind text, text text, key text,
  source text, confidence float8, occurred_at timestamptz, recorded_at timestamptz, ended_at timestamptz,
  superseded_by uuid, category text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  c jsonb := sec.context();
  own boolean := c->>'role' = 'patient' and c->>'sub' = c->>'patient';
  readable text[];
  asked tsquery;
  near public.halfvec;
begin
  if c is null or (c->>'patient')::uuid is distinct from place then return; end if;
  readable := case when own then array(select jsonb_array_elements_text(c->'reads')) else sec.readable() end;
  for question in 1 .. cardinality(texts) loop
    asked := replace(plainto_tsquery('pg_catalog.english'::regconfig, texts[question])::text, ' & ', ' | ')::tsquery;
    near := vectors[question]::public.halfvec;
    return query
      with held as materialized (
        select m.id, m.space, 1 - (m.embedding operator(public.<=>) near) as similarity,
          case when m.words @@ asked then ts_rank_cd(m.words, asked) end as rank
        from (
          select m.*, v.space, v.embedding
          from phi.memory m left join phi.memory_vector v
            on v.patient_id = m.patient_id and v.memory_id = m.id and v.space = search_memories.space
          where m.patient_id = place and (m.kind <> 'episode' or own)
            and (history or (m.ended_at is null and m.superseded_by is null))
          offset 0) m  -- the planner would expect that few rows fit what follows, and seek the vector of each
        where m.category = any(readable) and (kinds is null or m.kind = any(kinds)) and (categories is null or m.category = any(categories))
          and (only_key is null or m.key = only_key)
          and (since is null or m.occurred_at >= since) and (until is null or m.occurred_at < until)),
      placed (id, similarity, place) as (
        select s.id, s.similarity, row_number() over (order by s.similarity desc, s.id)
        from (select h.id, h.similarity from held h where h.similarity >= threshold
              order by h.similarity desc, h.id limit candidates) s
        union all
        select w.id, null, row_number() over (order by w.rank desc, w.id)
        from (select h.id, h.rank from held h where h.rank is not null order by h.rank desc, h.id limit candidates) w),
      best as (
        select p.id, sum(1::float8 / (60 + p.place)) as score, max(p.similarity) as similarity
        from placed p group by p.id order by score desc, similarity desc nulls last, p.id limit most)
      select question, c.waiting, c.size, b.score, b.similarity,
        m.id, m.kind, m.text, m.key, m.source::text, m.confidence, m.occurred_at, m.recorded_at, m.ended_at,
        m.superseded_by, m.category
      from (select count(*) - count(h.space) as waiting, count(*) as size from held h) c
        left join best b on true left join phi.memory m on m.patient_id = place and m.id = b.id;
  end loop;
end $$;

-- Passages that hold any of the words, by rank: those that hold two of them, then the others. Ranking is by far the
-- dearest part, so of the first at most 10 * most are ranked (all, when the question has more than eight words), and the
-- others are read only while there is room, at most `most` of each word, the rarest word first. Under row-level security
-- an index of words is not asked (its operator is not leakproof), and shared knowledge needs no more than that somebody
-- is signed in.
create function app.worded_passages(
  place text, asked text, only_key text, since timestamptz, until timestamptz, history boolean, most int)
returns table (id uuid, rank float8)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  terms tsquery[] := app.each_word(asked);
  any_of tsquery := app.any_word(asked);
  first_of tsquery := app.first_words(asked);
  ranked int := case when cardinality(terms) <= 8 then 10 * most end;
begin
  if cardinality(terms) = 0 or sec.role() = 'nobody' then return; end if;
  return query
    with several as materialized (
      select p.id, 1 + ts_rank_cd(p.words, any_of)::float8 as rank
      from app.passage p
      where p.collection = place and p.words @@ first_of and (only_key is null or p.key = only_key)
        and (since is null or p.occurred_at >= since) and (until is null or p.occurred_at < until)
        and (history or (p.ended_at is null and p.superseded_by is null))
      limit ranked),
    single as (
      select o.id, 0.1::float8 as rank
      from unnest(terms) as t (term) cross join lateral (
        select f.id, count(*) over () as n from (
          select p.id from app.passage p
          where p.collection = place and p.words @@ t.term and (only_key is null or p.key = only_key)
            and (since is null or p.occurred_at >= since) and (until is null or p.occurred_at < until)
            and (history or (p.ended_at is null and p.superseded_by is null))
          limit most) f) o
      where cardinality(terms) between 2 and 8 and (select count(*) from several) < most
      order by o.n, o.id limit 2 * most)
    select r.id, max(r.rank) as rank from (select * from several union all select * from single) r
    group by r.id order by rank desc, r.id limit most;
end $$;

revoke execute on all routines in schema app, phi from public;
grant execute on function
  app.search_memories(uuid, smallint, text[], text[], float8, int, int, boolean, text[], text[], text, timestamptz,
    timestamptz),
  app.worded_passages(text, text, text, timestamptz, timestamptz, boolean, int), app.any_word(text), app.each_word(text), app.first_words(text), app.use_space(text, text, int), app.drop_space(smallint),
  app.memory_without_vector(smallint, int), app.memory_add_vectors(smallint, uuid[], uuid[], bytea[], text[]),
  app.memory_add_vector(smallint, uuid, uuid, bytea, text), app.memory_census() to vs_app;
