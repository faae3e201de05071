import type { ReactNode } from "react";

const PATHS = {
  chat: "M5 6.5A2.5 2.5 0 0 1 7.5 4h9A2.5 2.5 0 0 1 19 6.5v6a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 5 12.5z",
  record: "M7 3.5h7l4 4V19a1.5 1.5 0 0 1-1.5 1.5h-9.5A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5zM13.5 3.5V8H18M8.5 14h1.7l1.3-2.5 1.8 4 1.2-1.5h1.5",
  people: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3.5 19c.4-3.1 2.6-5 5.5-5s5.1 1.9 5.5 5M15.5 10.7a2.7 2.7 0 1 0-.6-5.3M16.5 13.8c2.2.4 3.7 2.1 4 4.7",
  plus: "M12 5v14M5 12h14",
  send: "M5 12 19.5 4.5 15 20l-3.5-6.5zM11.5 13.5l4-4.5",
  stop: "M7.5 7.5h9v9h-9z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  none: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM8.5 12h7",
  question: "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5h.01",
  alert: "M12 8.5v4.5M12 16.5h.01M10.6 4.3 3.3 17a1.6 1.6 0 0 0 1.4 2.5h14.6a1.6 1.6 0 0 0 1.4-2.5L13.4 4.3a1.6 1.6 0 0 0-2.8 0z",
  upload: "M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M4.5 15.5V18A1.5 1.5 0 0 0 6 19.5h12a1.5 1.5 0 0 0 1.5-1.5v-2.5",
  chart: "M4 19.5h16M5.5 15l4-5 3.5 3L18.5 6",
  chevron: "M9 5.5 15.5 12 9 18.5",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h9",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11z",
  book: "M5 5.5A1.5 1.5 0 0 1 6.5 4H12v15.5H6.5A1.5 1.5 0 0 0 5 20.5zM19 5.5A1.5 1.5 0 0 0 17.5 4H12v15.5h5.5a1.5 1.5 0 0 1 1.5 1z",
  memory: "M7 4.5h10A1.5 1.5 0 0 1 18.5 6v14L12 16l-6.5 4V6A1.5 1.5 0 0 1 7 4.5zM9 9h6M9 12h4",
  health: "M12 20c-5-3.3-8-6.3-8-10a4.3 4.3 0 0 1 8-2.2A4.3 4.3 0 0 1 20 10c0 3.7-3 6.7-8 10zM6 12h3l1.5-2.5 2.5 4.5 1.5-2H18",
  device: "M8.5 7h7A1.5 1.5 0 0 1 17 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 15.5v-7A1.5 1.5 0 0 1 8.5 7zM9 7l.6-3h4.8L15 7M9 17l.6 3h4.8l.6-3M12 10v2.3l1.5 1",
  back: "M15 5.5 8.5 12 15 18.5",
  minus: "M5 12h14",
  copy: "M9 8.5h8.5V19H9zM6.5 15.5V5H15",
  up: "M6 14.5 12 8.5l6 6",
  down: "M6 9.5l6 6 6-6",
  pill: "M9.4 19.4l10-10a3.9 3.9 0 0 0-5.5-5.5l-10 10a3.9 3.9 0 0 0 5.5 5.5zM8.9 8.9l5.5 5.5",
  pause: "M9 6.5v11M15 6.5v11",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.5V12l3 2",
  quote: "M6.5 17.5 5 20l4-1.5M5.5 15A7.5 7.5 0 1 1 9 18.5",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative line icon; the words beside it carry the meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" className="shrink-0">
      <path
        d={PATHS[name]}
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.6 : 1.7}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Mark({ size = 32 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="10" className="fill-accent" />
      <path
        d="M16 24.5c-5.2-3.4-8-6.5-8-10.1 0-2.6 2-4.4 4.2-4.4 1.6 0 3 .9 3.8 2.3.8-1.4 2.2-2.3 3.8-2.3 2.2 0 4.2 1.8 4.2 4.4 0 3.6-2.8 6.7-8 10.1z"
        className="fill-on-accent"
      />
    </svg>
  );
}
