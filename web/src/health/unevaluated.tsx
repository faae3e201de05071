import type { ReactNode } from "react";
import { Icon } from "../ui/icons";

/** What was not looked into, and why. Never drawn like an answer or like an absence. */
export const Unevaluated = ({ what, reason }: { what?: string; reason: string }): ReactNode => (
  <p data-status="not_evaluated" className="flex items-start gap-2.5 rounded-xl border-2 border-dashed border-edge px-3 py-2 text-sm">
    <span className="grid size-5.5 shrink-0 place-items-center rounded-full border border-dashed border-edge text-warn">
      <Icon name="question" size={15} />
    </span>
    <span className="min-w-0 break-words">
      <span className="font-semibold">{what ? `${what}: not evaluated. ` : "Not evaluated: "}</span>
      {reason.replace(/^not evaluated\s*/i, "")}
    </span>
  </p>
);
