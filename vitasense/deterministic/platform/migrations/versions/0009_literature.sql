-- What documents say that were read for knowledge. Whoever reviews reads all of it; everybody else who is signed in reads a
-- text only while something that was accepted of it counts: a release of the kind `reviewed` with its title is in force and
-- has edges. A text is written with its document and never changed.

create table app.knowledge_text (
  material_id uuid primary key references app.knowledge_material (id),
  body text not null check (length(body) between 1 and 1000000),
  added_by uuid not null);

-- Documents of which something counts now. The materials themselves are closed to whoever does not review: this tells no
-- more of them than a quotation has to name, and whether there is a text (documents read before this one have none).
create function app.literature()
returns table (id uuid, kind text, title text, source text, about text[], added_at timestamptz, has_text boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if sec.role() = 'nobody' then return; end if;
  return query
    select m.id, m.kind, m.title, m.source, m.about, m.added_at,
      exists (select from app.knowledge_text t where t.material_id = m.id)
    from app.knowledge_material m join app.knowledge_release r
      on r.kind = 'reviewed' and r.name = m.title and r.state = 'active' and r.edges > 0
    order by m.added_at desc, m.id;
end $$;
revoke execute on function app.literature() from public;
grant execute on function app.literature() to vs_app;

call app.for_reviewers('app.knowledge_text', 'added_by');
create policy everyone_reads_what_counts on app.knowledge_text for select to vs_app
  using (material_id in (select l.id from app.literature() l));
grant select, insert on app.knowledge_text to vs_app;
