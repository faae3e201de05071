import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import { Icon } from "./icons";

export const INPUT =
  "w-full min-h-11 rounded-xl border border-edge bg-surface px-3.5 py-2 text-ink placeholder:text-muted";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  /** What is wrong with what was written. */
  error?: string;
}

/** A labelled input with an optional hint, and what is wrong with it; both are read with it. */
export function Field({ label, hint, error, ...input }: Props): ReactNode {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <input {...input} id={id} aria-invalid={error ? true : undefined} aria-describedby={described || undefined} className={`${INPUT} ${error ? "border-danger" : ""}`} />
      <FieldError id={`${id}-error`} error={error} />
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

const FieldError = ({ id, error }: { id: string; error?: string }): ReactNode =>
  error && (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-sm font-medium text-danger">
      <Icon name="alert" size={16} />
      <span className="min-w-0 break-words">{error}</span>
    </p>
  );

interface ChoicesProps {
  legend: string;
  options: { value: string; label: string; hint?: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  columns?: boolean;
  children?: ReactNode;
}

/** A group of check boxes. */
export function Choices({ legend, options, chosen, onChange, columns, children }: ChoicesProps): ReactNode {
  const toggle = (value: string): void =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {children}
      <div className={columns ? "grid grid-cols-2 gap-x-3" : ""}>
        {options.map(({ value, label, hint }) => (
          <label key={value} className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-lg py-1">
            <input type="checkbox" className="size-4.5" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span>
              {label}
              {hint && <span className="block text-sm text-muted">{hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
