import { type ReactNode, useState } from "react";
import { useWhose } from "../record/whose";
import { navigate, useRoute } from "../router";
import { Loading, ProblemNotice } from "../ui/notice";
import { AlarmCard } from "./alarm-card";
import { useFeed } from "./live";
import { NoAlarms } from "./no-alarms";
import { Why } from "./why";

/** The open alarms, the most urgent first. The address may name one that is to be open: "?alarm=…". */
export function Alarms(): ReactNode {
  const { base } = useWhose();
  const { query } = useRoute();
  const [feed, { alarms, problem }] = useFeed();
  const [opened, setOpened] = useState<string>();
  const named = query.get("alarm") ?? undefined;
  const close = (): void => {
    setOpened(undefined);
    if (named) navigate(`${base}/health`, true);
  };
  return (
    <section aria-labelledby="alarms-title" className="space-y-3">
      <h2 id="alarms-title" className="title flex min-h-9 items-center text-xl">
        Open alarms
      </h2>
      {/* With alarms on the page, a stream that broke only means that news come late. */}
      {problem && <ProblemNotice problem={alarms ? { ...problem, title: "New alarms may come late" } : problem} onRetry={() => void feed.reload().catch(() => undefined)} />}
      {!alarms && !problem && <Loading label="Looking for alarms" />}
      {alarms?.length === 0 && <NoAlarms />}
      <ul aria-label="Open alarms" className="space-y-3">
        {alarms?.map((alarm) => (
          <AlarmCard key={alarm.id} alarm={alarm} onWhy={() => setOpened(alarm.id)} />
        ))}
      </ul>
      <Why id={opened ?? named} onClose={close} />
    </section>
  );
}
