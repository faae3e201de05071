import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ImportReport } from "../api/types";
import { useApi } from "../session/session";
import { DropZone } from "../ui/drop-zone";
import { Icon } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { useAction } from "../ui/use-load";
import { count, plain } from "../ui/words";

/** Takes FHIR files, by dropping or choosing, and reports what became of every entry. */
export function ImportPage({ onImported }: { onImported: () => void }): ReactNode {
  const api = useApi();
  const [result, setResult] = useState<{ report: ImportReport; names: string[] }>();
  const { busy, problem, run } = useAction();

  const take = async (files: File[]): Promise<void> => {
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    setResult(undefined);
    const imported = await run(async () => {
      const report = await api.json<ImportReport>("POST", "/v1/imports", { form });
      setResult({ report, names: files.map((file) => file.name) });
    });
    if (imported) onImported();
  };
  return (
    <div className="space-y-5">
      <h2 className="title text-xl">Import a file</h2>
      <DropZone
        label="Files to import"
        testId="import-input"
        accept=".json,.ndjson,application/json,application/fhir+json"
        multiple
        busy={busy}
        busyWords="Importing"
        lead={
          <>
            <span className="font-medium">Drop your health record here</span>, or choose it from your device.
          </>
        }
        hint="FHIR R4 files (.json), as hospitals and health apps export them. Importing a file twice changes nothing."
        onFiles={(files) => void take(files)}
      />
      <ProblemNotice problem={problem && { ...problem, title: "Nothing was imported" }} />
      {result && <Report report={result.report} names={result.names} />}
    </div>
  );
}

function Report({ report, names }: { report: ImportReport; names: string[] }): ReactNode {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  const numbers = [
    ["New", report.imported],
    ["Updated", report.updated],
    ["Unchanged", report.unchanged],
    ["Left out", report.skipped],
  ] as const;
  return (
    <section ref={section} tabIndex={-1} aria-label="Import report" data-testid="import-report" className="card space-y-5 p-5">
      <h3 className="break-words font-semibold">{names.join(", ")}</h3>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {numbers.map(([name, number]) => (
          <div key={name}>
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="title text-2xl tabular-nums">{number}</dd>
          </div>
        ))}
      </dl>
      <ByType byType={report.by_type} />
      {report.problems.length === 0 ? (
        <p className="flex items-center gap-2">
          <span className="text-accent">
            <Icon name="check" />
          </span>
          Every entry could be used.
        </p>
      ) : (
        <Problems problems={report.problems} />
      )}
    </section>
  );
}

function ByType({ byType }: { byType: ImportReport["by_type"] }): ReactNode {
  const total = (value: number | Record<string, number>): number =>
    typeof value === "number" ? value : Object.values(value).reduce((sum, part) => sum + part, 0);
  const words = Object.entries(byType).map(([type, value]) => `${plain(type)} ${total(value)}`);
  return words.length > 0 && <p className="text-sm text-muted">{words.join(" · ")}</p>;
}

function Problems({ problems }: { problems: ImportReport["problems"] }): ReactNode {
  return (
    <div className="space-y-2">
      <h4 className="font-semibold">{count(problems.length, "entry", "entries")} could not be used</h4>
      <ul className="divide-y divide-line rounded-xl bg-warn-soft px-4">
        {problems.map(({ entry, type, id, reason }, index) => (
          <li key={index} className="py-2.5">
            <p className="text-sm text-muted">
              {placeOf(entry)}
              {type && ` · ${plain(type)}`}
              {id && ` · ${id}`}
            </p>
            <p className="break-words">{reason}</p>
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">Everything else was imported.</p>
    </div>
  );
}

/** "file[2] entry[0].resource" → "File 2, entry 1": people count entries from 1. */
function placeOf(entry: string | number | null): string {
  const place = typeof entry === "number" ? `entry[${entry}]` : (entry ?? "");
  const file = /file\[(\d+)\]/.exec(place)?.[1];
  const number = /entry\[(\d+)\]/.exec(place)?.[1];
  const words = [file && `file ${file}`, number && `entry ${Number(number) + 1}`].filter(Boolean).join(", ");
  return plain(words || "the file");
}
