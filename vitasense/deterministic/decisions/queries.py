"""The timeline as one statement: what happened in every table of tracking, each under its own policies.

Each part gives at, rank (what comes first of what happened at one moment), place (order within a rank), kind, state,
title, words, figures (the values of a reading), ref, correlation_id, urgency and category.
"""

# A reading is decided after it was taken, or a little before by a device whose clock is ahead.
# What a decision rests on is shared part by part: who may not read a part does not see its readings and findings.
_PARTS = "seen as materialized (select sec.readable() as parts)"

_READINGS = """
select distinct on (i->'evidence'->>'ref', (i->'evidence'->>'at')::timestamptz)
  (i->'evidence'->>'at')::timestamptz as at, 0 as rank, i->'evidence'->>'ref' as place, 'reading' as kind,
  '' as state, i->'evidence'->>'label' as title, '' as words, i->'values' as figures,
  'reading/' || (i->'evidence'->>'ref') as ref, d.correlation_id, null as urgency, i->>'category' as category
from phi.decision d cross join seen cross join jsonb_array_elements(d.inputs) as i
where d.patient_id = :patient and i->>'kind' = 'reading' and i->>'category' = any(seen.parts)
  and i->'evidence'->>'at' is not null and d.decided_at >= cast(:since as timestamptz) - interval '1 day'
order by i->'evidence'->>'ref', (i->'evidence'->>'at')::timestamptz, d.decided_at, d.id"""

_DECISIONS = """
select d.decided_at, 1, d.id::text, 'decision', '', d.outcome,
  coalesce((select string_agg(f->>'text', ' ' order by n)
    from jsonb_array_elements(d.findings) with ordinality as each (f, n)
    where not exists (select from jsonb_array_elements_text(f->'categories') as c where c <> all(seen.parts))), ''),
  null::jsonb, 'decision/' || d.id, d.correlation_id, d.urgency, d.category
from phi.decision d cross join seen
where d.patient_id = :patient and d.decided_at >= :since and d.decided_at < :until"""

# Of an alarm that was raised the note is the title it had then.
_ALARMS = """
select c.at, 2, c.alarm_id || '/' || to_char(c.version, 'FM0000000000'), 'alarm', c.state,
  case when c.state = 'raised' then coalesce(c.note, a.title) else a.title end,
  case when c.state = 'raised' then '' else coalesce(c.note, '') end, null::jsonb,
  'alarm/' || c.alarm_id, d.correlation_id, null, c.category
from phi.alarm_change c
join phi.alarm a on a.patient_id = c.patient_id and a.id = c.alarm_id
left join phi.decision d on d.patient_id = a.patient_id and d.id = a.decision_id
where c.patient_id = :patient and c.at >= :since and c.at < :until"""

# What the other kinds led to stands in a table of its own.
_ACTIONS = """
select x.done_at, 3, x.id::text, 'action', x.kind, coalesce(x.details->>'text', ''), '', null::jsonb,
  'action/' || x.id, d.correlation_id, null, x.category
from phi.action x left join phi.decision d on d.patient_id = x.patient_id and d.id = x.decision_id
where x.patient_id = :patient and x.kind in ('recommend', 'notify_provider', 'suggest_goal')
  and x.done_at >= :since and x.done_at < :until"""

_TASKS = """
select m.at, 4, t.id || m.part, 'task', m.state, t.text, '', null::jsonb,
  'task/' || t.id, d.correlation_id, null, t.category
from phi.task t left join phi.decision d on d.patient_id = t.patient_id and d.id = t.decision_id
cross join lateral (values (t.created_at, '/0', 'open'), (t.changed_at, '/1', t.state)) as m (at, part, state)
where t.patient_id = :patient and (m.part = '/0' or m.state <> 'open') and m.at >= :since and m.at < :until"""

_RISKS = """
select r.at, 5, r.key, 'risk', '', r.label, r.text, null::jsonb,
  'risk/' || r.key, d.correlation_id, null, r.category
from phi.risk r left join phi.decision d on d.patient_id = r.patient_id and d.id = r.decision_id
where r.patient_id = :patient and r.at >= :since and r.at < :until"""

# A suggestion that a decision led to is told by its action.
_GOALS = """
select g.changed_at, 6, g.id::text, 'goal', g.state, coalesce(g.reason, ''), replace(g.direction, '_', ' '),
  jsonb_build_array(jsonb_build_object('number', g.target, 'unit', g.unit,
    'text', case g.per when 'reading' then 'each time' else 'a ' || g.per end)),
  'goal/' || g.id, d.correlation_id, null, g.category
from phi.goal g left join phi.decision d on d.patient_id = g.patient_id and d.id = g.decision_id
where g.patient_id = :patient and (g.state <> 'suggested' or g.decision_id is null)
  and g.changed_at >= :since and g.changed_at < :until"""

_PLACE = "(at, rank, place)"
_FROM = "(cast(:at as timestamptz), cast(:rank as int), cast(:place as text))"


def _timeline(follows: str, order: str) -> str:
    others = " union all ".join((_DECISIONS, _ALARMS, _ACTIONS, _TASKS, _RISKS, _GOALS))
    ordered = ", ".join(f"{name} {order}" for name in ("at", "rank", "place"))
    return (
        f"with {_PARTS}, entries as (({_READINGS}) union all {others}) select * from entries "  # noqa: S608
        f"where at >= :since and at < :until and (cast(:at as timestamptz) is null or {_PLACE} {follows} {_FROM}) "
        f"order by {ordered} limit :limit"
    )


TIMELINE_NEWEST = _timeline("<", "desc")
TIMELINE_OLDEST = _timeline(">", "asc")
