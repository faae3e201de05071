import type { ButtonHTMLAttributes, ReactNode } from "react";

const LOOK = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
  plain: "bg-surface text-ink border-edge hover:bg-sunken",
  quiet: "bg-transparent text-ink border-transparent hover:bg-sunken",
  danger: "bg-alarm text-on-alarm border-transparent hover:opacity-90",
} as const;

const BASE =
  "inline-flex items-center justify-center gap-2 rounded-full border font-medium transition-colors " +
  "disabled:cursor-not-allowed disabled:opacity-55";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOK;
  small?: boolean;
  busy?: boolean;
}

/** A button that says when it is busy and then takes no second press. */
export function Button({ look = "plain", small, busy, className = "", children, onClick, ...rest }: Props): ReactNode {
  const size = small ? "min-h-9 px-3.5 text-sm" : "min-h-11 px-5";
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      className={`${BASE} ${LOOK[look]} ${size} ${className}`}
    >
      {busy && <span className="breathe size-2 rounded-full bg-current" aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A round button with an icon; `label` is its accessible name. */
export function IconButton({
  label,
  className = "",
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }): ReactNode {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-10 items-center justify-center rounded-full text-muted transition-colors hover:bg-sunken hover:text-ink disabled:opacity-45 ${className}`}
    >
      {children}
    </button>
  );
}
