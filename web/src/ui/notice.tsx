import type { ReactNode } from "react";
import type { Problem } from "../api/types";
import { Button } from "./button";
import { Icon } from "./icons";

/** What went wrong, what can be done, and the number to quote when asking for help. */
export function ProblemNotice({ problem, onRetry }: { problem?: Problem; onRetry?: () => void }): ReactNode {
  if (!problem) return null;
  const errors = [...new Set((problem.errors ?? []).map(({ message }) => message))];
  return (
    <div role="alert" className="rise flex gap-3 rounded-2xl bg-danger-soft p-4 text-ink">
      <span className="mt-0.5 text-danger">
        <Icon name="alert" />
      </span>
      <div className="min-w-0 space-y-1 break-words">
        <p className="font-semibold">{problem.title}</p>
        {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
        {errors.map((message) => (
          <p key={message}>{message}</p>
        ))}
        {problem.retry_after !== undefined && <p>Try again in {Math.ceil(problem.retry_after)} seconds.</p>}
        {problem.request_id && problem.status >= 500 && (
          <p className="text-sm text-muted">
            Reference for support: <span className="font-mono text-xs">{problem.request_id}</span>
          </p>
        )}
        {onRetry && (
          <Button small onClick={onRetry} className="mt-2">
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** A calm box for something worth knowing. */
export function Note({ title, children }: { title?: string; children: ReactNode }): ReactNode {
  return (
    <div className="rounded-2xl bg-warn-soft p-4">
      {title && <p className="font-semibold">{title}</p>}
      <div className="text-ink">{children}</div>
    </div>
  );
}

/** What stands where there is nothing yet. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="rounded-2xl border border-dashed border-edge px-6 py-10 text-center">
      <p className="title text-lg">{title}</p>
      {children && <div className="mx-auto mt-2 max-w-md text-muted">{children}</div>}
    </div>
  );
}

export function Loading({ label = "Loading" }: { label?: string }): ReactNode {
  return (
    <div role="status" className="flex items-center gap-3 py-8 text-muted">
      <span className="breathe size-2.5 rounded-full bg-accent" aria-hidden="true" />
      {label}…
    </div>
  );
}
