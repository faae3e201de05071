import { type ReactNode, useCallback } from "react";
import { query } from "../api/client";
import type { RecordSummary } from "../api/types";
import { href } from "../router";
import { useApi } from "../session/session";
import { formatDate, formatNumber } from "../ui/format";
import { Icon, type IconName } from "../ui/icons";
import { Empty, Loading, Note, ProblemNotice } from "../ui/notice";
import { PAGE, PageTitle } from "../ui/shell";
import { useLoad } from "../ui/use-load";
import { SHAREABLE, categoryName, listOf, plain } from "../ui/words";
import { ImportPage } from "./import";
import { ItemList } from "./items";
import { Trends } from "./trends";
import { useWhose } from "./whose";

/** The record: charts, one list per category, and for its owner a way to add files. */
export function RecordPage({ part }: { part: string | undefined }): ReactNode {
  const api = useApi();
  const { base, patientId } = useWhose();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<RecordSummary>(`/v1/record${query({ patient_id: patientId })}`, signal),
    `${patientId}`,
  );
  const onImported = useCallback(() => reload(), [reload]);
  if (!data) {
    return (
      <div className={PAGE}>
        <PageTitle>Record</PageTitle>
        {loading ? <Loading label="Opening the record" /> : <ProblemNotice problem={problem} onRetry={reload} />}
      </div>
    );
  }
  const empty = Object.values(data.counts).every((number) => number === 0);
  const current = part ?? (empty && !patientId ? "import" : "trends");
  return (
    <div className={PAGE}>
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <PageTitle lead={<Identity summary={data} />}>{patientId ? "Record" : "Your record"}</PageTitle>
        {!patientId && <ImportLink current={current === "import"} to={`${base}/record/import`} />}
      </div>
      <div className="grid gap-6 wide:grid-cols-[12.5rem_minmax(0,1fr)] wide:gap-10">
        <Categories summary={data} current={current} base={base} />
        <section aria-label={NAMES[current] ?? categoryName(current)} className="min-w-0">
          <Part part={current} summary={data} own={!patientId} onImported={onImported} />
        </section>
      </div>
    </div>
  );
}

const NAMES: Record<string, string> = { trends: "Charts", import: "Import a file" };

function Identity({ summary: { patient } }: { summary: RecordSummary }): ReactNode {
  const born = patient.birth_date && `born ${formatDate(patient.birth_date)}`;
  return [patient.name, born, patient.sex && plain(patient.sex).toLowerCase()].filter(Boolean).join(" · ");
}

interface PartProps {
  part: string;
  summary: RecordSummary;
  own: boolean;
  onImported: () => void;
}

function Part({ part, summary, own, onImported }: PartProps): ReactNode {
  if (part === "import" && own) return <ImportPage onImported={onImported} />;
  if (part === "trends") return <Trends />;
  if (summary.not_shared.includes(part)) {
    return <Note title="Not shared with you">{categoryName(part)} are not part of what this patient shared. They may exist.</Note>;
  }
  if (part in summary.counts) return <ItemList key={part} category={part} />;
  return <Empty title="There is no such part of the record" />;
}

const ImportLink = ({ to, current }: { to: string; current: boolean }): ReactNode => (
  <a
    href={href(to)}
    aria-current={current ? "page" : undefined}
    className="mb-5 inline-flex min-h-10 items-center gap-2 rounded-full border border-edge bg-surface px-4 text-sm font-medium hover:bg-sunken aria-[current=page]:border-accent aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
  >
    <Icon name="upload" size={18} />
    Import a file
  </a>
);

interface CategoriesProps {
  summary: RecordSummary;
  current: string;
  base: string;
}

function Categories({ summary, current, base }: CategoriesProps): ReactNode {
  const known = SHAREABLE.filter((name) => name in summary.counts && !summary.not_shared.includes(name));
  const others = Object.keys(summary.counts).filter((name) => !SHAREABLE.includes(name) && name !== "profile");
  const link = (name: string, label: string, icon?: IconName, number?: number): ReactNode => (
    <li key={name}>
      <a
        href={href(`${base}/record/${name}`)}
        aria-current={name === current ? "page" : undefined}
        className="flex min-h-10 items-center gap-2.5 whitespace-nowrap rounded-full border border-line bg-surface px-3.5 text-sm text-ink hover:bg-sunken aria-[current=page]:border-accent aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent wide:rounded-xl wide:border-transparent wide:bg-transparent"
      >
        {icon && <Icon name={icon} size={18} />}
        {label}
        {number !== undefined && <span className="ml-auto pl-1 tabular-nums text-muted">{formatNumber(number)}</span>}
      </a>
    </li>
  );
  return (
    <nav aria-label="Parts of the record" className="min-w-0">
      <ul className="-mx-4 flex gap-1.5 overflow-x-auto px-4 py-1 wide:mx-0 wide:flex-col wide:gap-0.5 wide:overflow-visible wide:p-0">
        {link("trends", "Charts", "chart")}
        {[...known, ...others].map((name) => link(name, categoryName(name), undefined, summary.counts[name]))}
      </ul>
      {summary.not_shared.length > 0 && (
        <p className="mt-4 hidden rounded-xl border border-dashed border-edge p-3 text-sm text-muted wide:block">
          Not shared with you: {listOf(summary.not_shared.map((name) => categoryName(name).toLowerCase()))}.
        </p>
      )}
    </nav>
  );
}
