import { type FormEvent, type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Task } from "../api/tracking";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { formatWhen } from "../ui/format";
import { Icon, type IconName } from "../ui/icons";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { useFeed } from "./live";

const KIND: Record<Task["kind"], { words: string; icon: IconName }> = {
  measure_again: { words: "Measure again", icon: "chart" },
  question: { words: "A question for you", icon: "question" },
  see_clinician: { words: "Talk to a doctor or nurse", icon: "people" },
  device: { words: "See to a device", icon: "device" },
  dose: { words: "Take a medicine", icon: "check" },
  refill: { words: "Get a new supply", icon: "plus" },
};

/** What the person is asked to do. */
export function Tasks(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [, { tasks: round }] = useFeed();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<Task>>(`/v1/tasks${query({ state: "open", patient_id: patientId })}`, signal),
    `${patientId} ${round}`,
  );
  const [last, setLast] = useState<Task[]>();
  if (data && data.items !== last) setLast(data.items);
  const items = data?.items ?? last;
  return (
    <section aria-labelledby="tasks-title" className="space-y-3">
      <h2 id="tasks-title" className="title flex min-h-9 items-center text-xl">
        What to do
      </h2>
      {loading && !items && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {items?.length === 0 && <p className="text-muted">Nothing is asked of {patientId ? "the patient" : "you"} right now.</p>}
      {items && items.length > 0 && (
        <ul aria-label="What to do" data-testid="task-list" className="card divide-y divide-line">
          {items.map((task) => (
            <Row key={task.id} task={task} onChanged={reload} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ task, onChanged }: { task: Task; onChanged: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { base, patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [answer, setAnswer] = useState("");
  const { busy, problem, run } = useAction();
  const { id, kind, text, metric, due_at } = task;
  const settle = async (how: string, words: string, body: object = {}): Promise<void> => {
    if (busy || !(await run(() => api.post(`/v1/tasks/${id}/${how}${query({ patient_id: patientId })}`, body)))) return;
    toast(words);
    onChanged();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void settle("answer", "Answer kept", { answer: answer.trim() });
  };
  return (
    <li data-testid="task" data-kind={kind} className="space-y-3 p-5">
      <div className="flex items-start gap-3">
        <span className="mt-0.5 text-accent">
          <Icon name={KIND[kind].icon} />
        </span>
        <div className="min-w-0 flex-1">
          <p className="text-sm text-muted">
            {KIND[kind].words} · {Date.parse(due_at) < Date.now() ? "was due" : "due"} {formatWhen(due_at)}
          </p>
          <p className="whitespace-pre-line break-words">{text}</p>
        </div>
      </div>
      <ProblemNotice problem={problem} />
      {mayWrite && kind === "question" && (
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <div className="min-w-52 flex-1">
            <Field label="Your answer" required maxLength={500} value={answer} onChange={(event) => setAnswer(event.target.value)} />
          </div>
          <Button type="submit" look="primary" busy={busy}>
            Answer
          </Button>
        </form>
      )}
      <div className="flex flex-wrap gap-2">
        {metric && (
          <a href={href(`${base}/health/${encodeURIComponent(metric)}`)} className="inline-flex min-h-9 items-center rounded-full border border-edge bg-surface px-3.5 text-sm font-medium hover:bg-sunken">
            See the chart
          </a>
        )}
        {mayWrite && kind !== "question" && (
          <Button small look="primary" busy={busy} onClick={() => void settle("done", "Done")} aria-label={`Done: ${text}`}>
            Done
          </Button>
        )}
        {mayWrite && (
          <Button small busy={busy} onClick={() => void settle("dismiss", "Set aside")} aria-label={`Set aside: ${text}`}>
            Set aside
          </Button>
        )}
      </div>
    </li>
  );
}
