import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Goal } from "../api/tracking";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { formatDate } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import { goalWords, progressWords, shareOf, todayWords } from "./goal-words";
import { GoalForm } from "./goal-form";
import { useFeed } from "./live";
import { Unevaluated } from "./unevaluated";

/** Goals that are followed, those that are suggested, and a way to set one. */
export function Goals(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [setting, setSetting] = useState(false);
  const [, { tasks: round }] = useFeed();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<Goal>>(`/v1/goals${query({ patient_id: patientId })}`, signal),
    `${patientId} ${round}`,
  );
  const standing = data?.items.filter(({ state }) => state === "suggested" || state === "active" || state === "reached");
  return (
    <section aria-labelledby="goals-title" className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="goals-title" className="title text-xl">
          Goals
        </h2>
        {mayWrite && (
          <Button small onClick={() => setSetting(true)}>
            Set a goal
          </Button>
        )}
      </div>
      {loading && !data && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {standing?.length === 0 && <p className="text-muted">No goals yet. {mayWrite && "Set one, or say “set a goal of 8,000 steps” in the chat."}</p>}
      {standing && standing.length > 0 && (
        <ul aria-label="Goals" data-testid="goal-list" className="space-y-3">
          {standing.map((goal) => (
            <GoalCard key={goal.id} goal={goal} onChanged={reload} />
          ))}
        </ul>
      )}
      {setting && <GoalForm onClose={() => setSetting(false)} onSet={reload} />}
    </section>
  );
}

const MADE_BY = { patient: "", provider: "from a care provider", service: "suggested by VitaSense" };

function GoalCard({ goal, onChanged }: { goal: Goal; onChanged: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { base, patientId } = useWhose();
  const mayWrite = useMayWrite();
  const { busy, problem, run } = useAction();
  const move = async (name: string, words: string): Promise<void> => {
    if (busy || !(await run(() => api.post(`/v1/goals/${goal.id}/${name}${query({ patient_id: patientId })}`)))) return;
    toast(words);
    onChanged();
  };
  const words = goalWords(goal);
  const about = [`since ${formatDate(goal.since)}`, goal.until && `until ${formatDate(goal.until)}`, MADE_BY[goal.made_by]];
  return (
    <li data-testid="goal" data-state={goal.state} className={`card space-y-3 p-5 ${goal.state === "suggested" ? "border-dashed border-edge" : ""}`}>
      <div>
        {goal.state === "suggested" && <p className="text-sm font-semibold text-accent">Suggestion</p>}
        {goal.state === "reached" && <p className="text-sm font-semibold text-accent">Reached</p>}
        <h3 className="break-words font-semibold">
          <a href={href(`${base}/health/${encodeURIComponent(goal.metric)}`)} className="hover:underline">
            {words}
          </a>
        </h3>
        {goal.reason && <p className="break-words">{goal.reason}</p>}
        <p className="text-sm text-muted">{begun(about.filter(Boolean).join(", "))}</p>
      </div>
      {goal.progress && <Progress goal={goal} />}
      <ProblemNotice problem={problem} />
      {goal.state === "suggested" && patientId && <p className="text-sm text-muted">Waits for the patient's answer.</p>}
      {mayWrite && !(goal.state === "suggested" && patientId) && (
        <div className="flex flex-wrap gap-2">
          {goal.state === "suggested" ? (
            <>
              <Button small look="primary" busy={busy} onClick={() => void move("accept", "Goal set")} aria-label={`Accept: ${words}`}>
                Accept
              </Button>
              <Button small busy={busy} onClick={() => void move("refuse", "Refused")} aria-label={`Refuse: ${words}`}>
                Refuse
              </Button>
            </>
          ) : (
            goal.state === "active" && <Button small busy={busy} onClick={() => void move("end", "Goal ended")} aria-label={`End: ${words}`}>
              End
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function Progress({ goal }: { goal: Goal }): ReactNode {
  const { progress } = goal;
  if (!progress) return null;
  const words = [todayWords(goal), progressWords(goal)].filter(Boolean).join(" ");
  if (!words) return <Unevaluated what="Progress" reason={progress.reason ?? "Nothing was measured yet."} />;
  return (
    <div className="space-y-1.5 text-sm">
      <progress value={shareOf(goal)} max={1} aria-label={`Progress: ${goalWords(goal)}`} className="progress block w-full" />
      <p>{words}</p>
      {progress.reason && <p className="text-muted">{begun(progress.reason)}</p>}
    </div>
  );
}
