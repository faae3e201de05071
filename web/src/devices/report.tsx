import { type ReactNode, useEffect, useRef } from "react";
import type { DeliveryReport } from "../api/tracking";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { formatNumber } from "../ui/format";
import { Icon } from "../ui/icons";
import { count } from "../ui/words";

/** What became of a delivery: how many values are new, and which rows could not be taken and why. */
export function Report({ name, report }: { name: string; report: DeliveryReport }): ReactNode {
  const { base } = useWhose();
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  const numbers = [
    ["New", report.new],
    ["Changed", report.changed],
    ["Unchanged", report.unchanged],
    ["Not taken", report.rejected],
  ] as const;
  const notes = [
    report.repeated && "This very file had come before.",
    report.workouts > 0 && `${count(report.workouts, "workout")} with it.`,
    report.low_quality > 0 && `${count(report.low_quality, "value")} of low quality: kept, and counted less or not at all.`,
    report.closed > 0 && `${count(report.closed, "value")} of days that are kept as sums only: not added.`,
    report.new + report.changed + report.unchanged + report.workouts + report.rejected === 0 && "Nothing that is taken was found in it.",
  ].filter(Boolean);
  return (
    <section ref={section} tabIndex={-1} aria-label={`Report of ${name}`} data-testid="delivery-report" className="card space-y-4 p-5">
      <h2 className="break-words font-semibold">{name}</h2>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {numbers.map(([label, number]) => (
          <div key={label}>
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="title text-2xl tabular-nums">{formatNumber(number)}</dd>
          </div>
        ))}
      </dl>
      {notes.map((words) => (
        <p key={String(words)} className="text-sm">
          {words}
        </p>
      ))}
      {report.rejected === 0 ? (
        <p className="flex items-center gap-2">
          <span className="text-accent">
            <Icon name="check" />
          </span>
          Every row could be used.
        </p>
      ) : (
        <div className="space-y-2">
          <h3 className="font-semibold">{count(report.rejected, "row")} could not be taken</h3>
          <ul className="divide-y divide-line rounded-xl bg-warn-soft px-4">
            {report.examples.map(({ id, place, reason }) => (
              <li key={id} className="py-2.5">
                <p className="text-sm text-muted">{place}</p>
                <p className="break-words">{reason}</p>
              </li>
            ))}
          </ul>
          <p className="text-sm">
            Everything else was stored.{" "}
            <a href={href(`${base}/devices/rejected`)} className="font-medium text-accent underline underline-offset-3">
              Repair these rows
            </a>
          </p>
        </div>
      )}
    </section>
  );
}
