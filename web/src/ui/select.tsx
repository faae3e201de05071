import { type ReactNode, useId } from "react";
import { INPUT } from "./field";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  testId?: string;
  hint?: string;
  children: ReactNode;
}

/** A labelled choice of one. */
export function Select({ label, value, onChange, testId, hint, children }: Props): ReactNode {
  const id = useId();
  return (
    <div className="min-w-0 space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <select id={id} data-testid={testId} value={value} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChange(event.target.value)} className={INPUT}>
        {children}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
