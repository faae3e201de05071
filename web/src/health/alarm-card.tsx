import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Alarm } from "../api/tracking";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { formatWhen } from "../ui/format";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { snoozes, stateWords } from "./alarms";
import { useFeed } from "./live";
import { URGENCY, UrgencyBadge } from "./urgency";

interface Props {
  alarm: Alarm;
  onWhy: () => void;
}

/** One open alarm: what it says, and what can be done about it. */
export function AlarmCard({ alarm, onWhy }: Props): ReactNode {
  const { title, text, urgency, raised_at, seen, last_seen_at } = alarm;
  return (
    <li data-testid="alarm" data-state={alarm.state} className={`card space-y-3 p-5 ${URGENCY[urgency].look}`}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <UrgencyBadge urgency={urgency} />
        <span className="text-sm text-muted">{stateWords(alarm)}</span>
      </div>
      <div className="space-y-1">
        <h3 className="break-words text-lg font-semibold">{title}</h3>
        <p className="whitespace-pre-line break-words">{text}</p>
        <p className="text-sm text-muted">
          Since {formatWhen(raised_at)}
          {seen > 1 && `, seen ${seen} times, the last time ${formatWhen(last_seen_at)}`}
        </p>
      </div>
      <Moves alarm={alarm} onWhy={onWhy} />
    </li>
  );
}

function Moves({ alarm, onWhy }: Props): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [feed] = useFeed();
  const [waiting, setWaiting] = useState(false);
  const { busy, problem, run } = useAction();
  const { id, title, version, state, urgency } = alarm;
  const move = async (name: string, words: string, body: object = {}): Promise<void> => {
    const path = `/v1/alarms/${id}/${name}${query({ patient_id: patientId })}`;
    const moved = await run(async () => feed.take(await api.post<Alarm>(path, { version, ...body })));
    setWaiting(false);
    if (moved) toast(words);
    // Somebody else may have answered it: then what is shown is no longer so.
    else await feed.reload().catch(() => undefined);
  };
  return (
    <>
      <ProblemNotice problem={problem} />
      <div className="flex flex-wrap gap-2">
        <Button small onClick={onWhy} aria-label={`Why? ${title}`}>
          Why?
        </Button>
        {mayWrite && state !== "acknowledged" && (
          <Button small look="primary" busy={busy} onClick={() => void move("acknowledge", "Noted that you saw it")} aria-label={`I have seen it: ${title}`}>
            I have seen it
          </Button>
        )}
        {mayWrite && (
          <Button small aria-expanded={waiting} onClick={() => setWaiting(!waiting)} aria-label={`Put off: ${title}`}>
            Put off
          </Button>
        )}
        {mayWrite && (
          <Button small busy={busy} onClick={() => void move("clear", "The alarm is over")} aria-label={`It is over: ${title}`}>
            It is over
          </Button>
        )}
      </div>
      {waiting && (
        <div role="group" aria-label="Put off" className="flex flex-wrap gap-2 border-t border-line pt-3">
          {snoozes(urgency, new Date()).map(({ label, until }) => (
            <Button key={label} small busy={busy} onClick={() => void move("snooze", `Put off ${label}`, { until: until.toISOString() })}>
              {label.charAt(0).toUpperCase() + label.slice(1)}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
