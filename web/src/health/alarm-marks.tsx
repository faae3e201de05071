import type { ReactNode } from "react";
import type { AlarmMark } from "../api/tracking";
import { formatWhen } from "../ui/format";
import { STATE } from "./alarms";
import { UrgencyBadge } from "./urgency";

/** The alarms that the chart marks, each opening. */
export function AlarmMarks({ alarms, onOpen }: { alarms: AlarmMark[]; onOpen: (id: string) => void }): ReactNode {
  if (alarms.length === 0) return null;
  return (
    <div className="space-y-1">
      <h3 className="text-sm font-medium">
        <span aria-hidden="true">▲ </span>Alarms in this time
      </h3>
      <ul data-testid="alarm-marks" className="divide-y divide-line">
        {alarms.map(({ id, at, title, urgency, state }) => (
          <li key={id}>
            <button type="button" onClick={() => onOpen(id)} className="flex min-h-11 w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-lg py-1.5 text-left -outline-offset-2 hover:bg-sunken">
              <UrgencyBadge urgency={urgency} />
              <span className="min-w-0 break-words font-medium">{title}</span>
              <span className="text-sm text-muted">
                {formatWhen(at)} · {STATE[state]}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
