import type { ReactNode } from "react";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { navigate } from "../router";
import { PAGE, PageTitle } from "../ui/shell";
import { PageTabs } from "../ui/tabs";
import { Alarms } from "./alarms-part";
import { Charts } from "./charts";
import { Goals } from "./goals";
import { Monitoring } from "./monitoring";
import { Score } from "./score";
import { Standing } from "./standing";
import { Tasks } from "./tasks";
import { Timeline } from "./timeline-part";

/** What is going on now, charts, and what happened. `part` is a view, or the code of a measurement to draw. */
export function HealthPage({ part }: { part: string | undefined }): ReactNode {
  const { base, patientId } = useWhose();
  const mayWrite = useMayWrite();
  const metric = part && !["now", "charts", "timeline", "monitoring"].includes(part) ? part : undefined;
  const parts = [
    { part: "now", label: "Now", content: <Now /> },
    { part: "charts", label: "Charts", content: <Charts metric={metric} /> },
    { part: "timeline", label: "Timeline", content: <Timeline /> },
    // How somebody wants to be told is theirs alone.
    ...(patientId ? [] : [{ part: "monitoring", label: "Monitoring", content: <Monitoring /> }]),
  ];
  return (
    <div className={PAGE}>
      <PageTitle lead={patientId ? "What devices measured, and what was decided about it." : "What your devices measured, what VitaSense makes of it, and what to do."}>Health</PageTitle>
      {!mayWrite && <p className="-mt-3 mb-4 text-sm text-muted">You may look at this and not change it.</p>}
      <PageTabs label="Health" parts={parts} current={metric ? "charts" : (part ?? "now")} onChange={(to) => navigate(to === "now" ? `${base}/health` : `${base}/health/${to}`)} />
    </div>
  );
}

const Now = (): ReactNode => (
  <div className="grid items-start gap-8 wide:grid-cols-[minmax(0,1fr)_21rem]">
    <div className="space-y-8">
      <Alarms />
      <Tasks />
      <Standing />
    </div>
    <div className="space-y-8">
      <Goals />
      <Score />
    </div>
  </div>
);
