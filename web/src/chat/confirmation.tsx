import { type ReactNode, useId } from "react";
import type { Confirmation } from "../api/types";
import { Button } from "../ui/button";

interface Props {
  confirmation: Confirmation;
  /** What the reply above it says. */
  said: string;
  onDecide: (approved: boolean) => void;
}

/** Asks before anything is changed, with the very values that will be written. */
export function ConfirmationCard({ confirmation, said, onDecide }: Props): ReactNode {
  const id = useId();
  return (
    <section data-confirmation aria-labelledby={id} className="card rise space-y-3.5 border-accent p-5 shadow-sm">
      <h2 id={id} className="title text-lg">
        {confirmation.title}
      </h2>
      {confirmation.summary && !said.includes(confirmation.summary) && <p>{confirmation.summary}</p>}
      {confirmation.details.length > 0 && (
        <dl className="divide-y divide-line rounded-xl bg-sunken px-4">
          {confirmation.details.map(({ label, value }, index) => (
            <div key={index} className="flex flex-wrap justify-between gap-x-6 py-2.5">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0 break-words font-medium">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="text-sm text-muted">Nothing is changed until you confirm.</p>
      <div className="flex flex-wrap gap-2.5">
        <Button look="primary" data-testid="confirm-yes" onClick={() => onDecide(true)}>
          Confirm
        </Button>
        <Button data-testid="confirm-no" onClick={() => onDecide(false)}>
          Cancel
        </Button>
      </div>
    </section>
  );
}
