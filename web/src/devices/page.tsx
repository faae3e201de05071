import { type ReactNode, useCallback, useState } from "react";
import { query } from "../api/client";
import type { Device } from "../api/tracking";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { href, navigate } from "../router";
import { useApi } from "../session/session";
import { Loading, ProblemNotice } from "../ui/notice";
import { PAGE, PageTitle } from "../ui/shell";
import { PageTabs } from "../ui/tabs";
import { useLoad } from "../ui/use-load";
import { DeviceImport } from "./import";
import { DeviceList } from "./list";
import { Priorities } from "./priorities";
import { RejectedRows } from "./rejected";

/** A person's devices: how they are, what comes from them, and which counts first. */
export function DevicesPage({ part }: { part: string | undefined }): ReactNode {
  const api = useApi();
  const { base, patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<Device>>(`/v1/devices${query({ patient_id: patientId })}`, signal),
    `${patientId}`,
  );
  const changed = (): void => {
    reload();
    again();
  };
  const devices = data?.items ?? [];
  const parts = [
    { part: "list", label: "Devices", content: <DeviceList devices={devices} onChanged={changed} /> },
    ...(mayWrite ? [{ part: "import", label: "Import", content: <DeviceImport onTaken={changed} /> }] : []),
    { part: "rejected", label: "Not taken", content: <RejectedRows key={round} onMended={changed} /> },
    { part: "order", label: "Order", content: <Priorities devices={devices} /> },
  ];
  const current = parts.some((each) => each.part === part) ? part! : "list";
  return (
    <div className={PAGE}>
      <PageTitle lead="What measures, how well it does, and where its values come in.">Devices</PageTitle>
      {!mayWrite && <p className="-mt-3 mb-4 text-sm text-muted">You may look at this and not change it.</p>}
      {loading && !data && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && <PageTabs label="Devices" parts={parts} current={current} onChange={(to) => navigate(to === "list" ? `${base}/devices` : `${base}/devices/${to}`)} />}
      {!patientId && (
        <p className="mt-8 text-sm text-muted">
          Time zone, quiet hours and how you are told are under{" "}
          <a href={href("/health/monitoring")} className="font-medium text-accent underline underline-offset-3">
            Health, Monitoring
          </a>
          .
        </p>
      )}
    </div>
  );
}
