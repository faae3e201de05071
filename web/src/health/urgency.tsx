import type { ReactNode } from "react";
import type { Urgency } from "../api/types";

export const URGENCY: Record<Urgency, { word: string; look: string; badge: string }> = {
  emergency: { word: "Emergency", look: "border-alarm border-2", badge: "bg-alarm text-on-alarm" },
  urgent: { word: "Today", look: "border-danger border-2", badge: "bg-danger-soft text-danger" },
  routine: { word: "Look into it", look: "border-edge", badge: "bg-warn-soft text-warn" },
  self_care: { word: "Good to know", look: "border-line", badge: "bg-accent-soft text-accent" },
};

/** Octagon, triangle, diamond, circle: the shape says the same as the word beside it. */
const SHAPE: Record<Urgency, string> = {
  emergency: "M8 3h8l5 5v8l-5 5H8l-5-5V8z",
  urgent: "M12 3 22 20H2z",
  routine: "M12 3l9 9-9 9-9-9z",
  self_care: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
};

/** How urgent something is, in a word and a shape. */
export const UrgencyBadge = ({ urgency }: { urgency: Urgency }): ReactNode => (
  <span
    data-urgency={urgency}
    className={`inline-flex min-h-7 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 text-sm font-semibold ${URGENCY[urgency].badge}`}
  >
    <UrgencyShape urgency={urgency} />
    {URGENCY[urgency].word}
  </span>
);

export const UrgencyShape = ({ urgency, size = 14 }: { urgency: Urgency; size?: number }): ReactNode => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className="shrink-0">
    <path d={SHAPE[urgency]} fill="currentColor" />
  </svg>
);
