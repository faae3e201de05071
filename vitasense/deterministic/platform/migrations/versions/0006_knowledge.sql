-- The knowledge graph of releases: what is shared, and nothing of any patient. Rule files are not in here; they are read
-- by each process. Everyone who is signed in may read, the service itself writes, and what was taken is never changed:
-- taking it back changes the state of the release.

create table app.knowledge_release (
  id uuid primary key,
  kind text not null check (kind ~ '^[a-z][a-z0-9_]{0,30}$'),
  name text not null check (length(name) between 1 and 120),
  version text not null check (length(version) between 1 and 120),
  source text not null check (length(source) between 1 and 400),
  digest bytea not null check (length(digest) = 32),
  nodes int not null check (nodes >= 0),
  edges int not null check (edges >= 0),
  state text not null check (state in ('active', 'superseded', 'reverted')),
  taken_at timestamptz not null,
  reverted_at timestamptz check ((reverted_at is null) = (state <> 'reverted')));
-- Of the releases of one kind and name one is in force.
create unique index knowledge_release_in_force on app.knowledge_release (kind, name) where state = 'active';
create index knowledge_release_by_time on app.knowledge_release (kind, name, taken_at);

-- `place` is the number by which edges name a node. `codes` are "system|code"; `known_as` are all names in the form in
-- which names are compared, `words` the same for full-text search.
create table app.knowledge_node (
  release_id uuid not null references app.knowledge_release (id),
  place int not null check (place >= 0),
  key text not null check (key ~ '^(drug|ingredient|class|enzyme|transporter|gene|condition|symptom|lab|food|nutrient):.'
    and length(key) <= 400),
  name text not null check (length(name) between 1 and 400),
  names text[] not null,
  codes text[] not null,
  known_as text[] not null,
  words tsvector not null,
  primary key (release_id, place),
  unique (release_id, key));
create index knowledge_node_words on app.knowledge_node using gin (words);

-- An edge names two nodes of its own release. Only what may happen between two things is rated.
create table app.knowledge_edge (
  release_id uuid not null,
  place int not null check (place >= 0),
  source int not null,
  relation text not null check (relation in ('is_a', 'contains', 'used_for', 'substrate', 'activated_by', 'inhibits',
    'induces', 'interacts', 'contraindicated', 'causes', 'changes', 'guided_by')),
  target int not null,
  level text not null check (level in ('guideline', 'label', 'compendium', 'study', 'reviewed', 'inferred')),
  severity text check (severity in ('contraindicated', 'major', 'moderate', 'minor')),
  valid_from date,
  valid_to date check (valid_to >= valid_from),
  says text not null check (length(says) between 1 and 8000),
  origin text not null check (length(origin) between 1 and 400),
  ref text not null check (length(ref) between 1 and 400),
  what text check (length(what) <= 8000),
  advice text check (length(advice) <= 8000),
  strength text check (length(strength) <= 40),
  sentence text check (length(sentence) <= 8000),
  primary key (release_id, place),
  check (severity is null or relation in ('interacts', 'contraindicated')),
  foreign key (release_id, source) references app.knowledge_node (release_id, place),
  foreign key (release_id, target) references app.knowledge_node (release_id, place));
create index knowledge_edge_reviewed on app.knowledge_edge (release_id, place) where level = 'reviewed';

call app.for_everyone('app.knowledge_release');
call app.for_everyone('app.knowledge_node');
call app.for_everyone('app.knowledge_edge');
grant select, insert, update on app.knowledge_release to vs_app;
grant select, insert on app.knowledge_node, app.knowledge_edge to vs_app;

-- Nodes of releases in force whose names hold all of the words, the shortest name first. Under row-level security an
-- index of words is not asked (its operator is not leakproof), and this needs no more than that somebody is signed in.
create function app.knowledge_named(asked text, most int)
returns table (release_id uuid, key text, name text, names text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  wanted tsquery := plainto_tsquery('pg_catalog.simple'::regconfig, asked);
begin
  if numnode(wanted) = 0 or sec.role() = 'nobody' then return; end if;
  return query
    select n.release_id, n.key, n.name, n.names
    from app.knowledge_node n join app.knowledge_release r on r.id = n.release_id and r.state = 'active'
    where n.words @@ wanted
    order by length(n.name), n.key limit most;
end $$;
revoke execute on function app.knowledge_named(text, int) from public;
grant execute on function app.knowledge_named(text, int) to vs_app;
