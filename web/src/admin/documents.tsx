import { type ReactNode, useState } from "react";
import { besideFields } from "../api/problem";
import type { Material } from "../api/review";
import type { Page } from "../api/types";
import { useApi } from "../session/session";
import { DropZone } from "../ui/drop-zone";
import { Field } from "../ui/field";
import { formatDate } from "../ui/format";
import { Loading, Note, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useAction, useLoad } from "../ui/use-load";
import { count, plain } from "../ui/words";
import { STATE } from "./candidates";

/** Documents that were read, and the way in for another. */
export function Documents({ onRead }: { onRead: () => void }): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<Material>>("/v1/knowledge/materials", signal), "materials");
  const taken = (): void => {
    reload();
    onRead();
  };
  return (
    <div className="grid items-start gap-8 wide:grid-cols-[minmax(0,1fr)_22rem]">
      <section aria-labelledby="documents-title" className="space-y-3">
        <h2 id="documents-title" className="title text-xl">
          Documents that were read
        </h2>
        {loading && !data && <Loading />}
        <ProblemNotice problem={problem} onRetry={reload} />
        {data?.items.length === 0 && <p className="text-muted">None so far.</p>}
        {data && data.items.length > 0 && (
          <ul aria-label="Documents" data-testid="documents" className="card divide-y divide-line">
            {data.items.toReversed().map((each) => (
              <Row key={each.id} material={each} />
            ))}
          </ul>
        )}
      </section>
      <ReadIn onRead={taken} />
    </div>
  );
}

const Row = ({ material: { kind, title, source, about, added_at, candidates } }: { material: Material }): ReactNode => (
  <li className="space-y-0.5 px-5 py-3">
    <p className="break-words font-medium">{title}</p>
    <p className="break-words text-sm text-muted">
      {plain(kind)}
      {about.length > 0 && ` of ${about.join(", ")}`} · {source} · read {formatDate(added_at)}
    </p>
    <p className="text-sm">{countsWords(candidates)}</p>
  </li>
);

function countsWords(candidates: Material["candidates"]): string {
  const said = Object.entries(STATE).flatMap(([state, words]) => {
    const number = candidates[state as keyof typeof STATE];
    return number ? [`${words}: ${number}`] : [];
  });
  return said.length > 0 ? said.join(" · ") : "Nothing was found in it";
}

function ReadIn({ onRead }: { onRead: () => void }): ReactNode {
  const api = useApi();
  const [form, setForm] = useState({ title: "", source: "", label_of: "", kind: "" });
  const [read, setRead] = useState<Material>();
  const { busy, problem, run } = useAction();
  const { errors, rest } = besideFields(problem, ["title", "source", "label_of"]);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const take = async ([file]: File[]): Promise<void> => {
    if (!file) return;
    setRead(undefined);
    const body = new FormData();
    body.append("file", file, file.name);
    for (const name of ["title", "source", "kind"] as const) if (form[name].trim()) body.append(name, form[name].trim());
    for (const name of form.label_of.split(",")) if (name.trim()) body.append("label_of", name.trim());
    if (!(await run(async () => setRead(await api.json<Material>("POST", "/v1/knowledge/materials", { form: body }))))) return;
    setForm({ title: "", source: "", label_of: "", kind: "" });
    onRead();
  };
  return (
    <section aria-labelledby="read-title" className="card space-y-4 p-5">
      <h2 id="read-title" className="title text-xl">
        Read a document
      </h2>
      <p className="text-sm text-muted">A published label, guideline or article. Never a document of a patient.</p>
      <Field label="Title" maxLength={120} hint="The name of the file when left empty." error={errors.title} value={form.title} onChange={(event) => set({ title: event.target.value })} />
      <Field label="Source" maxLength={400} hint="Who published it, and when." error={errors.source} value={form.source} onChange={(event) => set({ source: event.target.value })} />
      <Select label="Kind" value={form.kind} onChange={(kind) => set({ kind })}>
        <option value="">Find out</option>
        <option value="label">Label</option>
        <option value="guideline">Guideline</option>
        <option value="article">Article</option>
      </Select>
      <Field label="Label of" hint="For a label: its medicines, with commas." error={errors.label_of} value={form.label_of} onChange={(event) => set({ label_of: event.target.value })} />
      <ProblemNotice problem={rest && { ...rest, title: "The document was not read" }} />
      <DropZone
        label="Document to read"
        testId="material-file"
        accept=".txt,.md,.pdf,.json,text/plain,application/pdf"
        busy={busy}
        busyWords="Reading"
        lead={<span className="font-medium">Drop a document here</span>}
        hint="Text, Markdown, PDF with text, or a label of openFDA."
        onFiles={(files) => void take(files)}
      />
      {read && (
        <div role="status">
          <Note title="Read">
            {count(read.candidates.proposed ?? 0, "sentence")} to review in “{read.title}”.
          </Note>
        </div>
      )}
    </section>
  );
}
