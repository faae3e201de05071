import type { ReactNode } from "react";
import type { Urgency } from "../api/types";
import { Icon } from "../ui/icons";

/** Says first what must not wait. `live` interrupts a screen reader; a message from the past does not. */
export function UrgencyBanner({ urgency, live }: { urgency: Urgency; live: boolean }): ReactNode {
  if (urgency === "emergency") {
    return (
      <div role={live ? "alert" : undefined} className="rise flex gap-3.5 rounded-2xl bg-alarm p-4 text-on-alarm">
        <Icon name="alert" size={26} />
        <div>
          <p className="text-lg font-semibold">This may be an emergency</p>
          <p>Call your local emergency number now (112, 911 or 999). Do not wait for an answer here.</p>
        </div>
      </div>
    );
  }
  if (urgency === "urgent") {
    return (
      <div role={live ? "alert" : undefined} className="rise flex gap-3 rounded-2xl bg-warn-soft p-3.5">
        <span className="text-warn">
          <Icon name="alert" />
        </span>
        <p>
          <strong className="font-semibold">Do not leave this for later.</strong> Talk to a doctor or nurse today.
        </p>
      </div>
    );
  }
  return null;
}
