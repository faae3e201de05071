import { type ReactNode } from "react";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import type { TrackingSettings } from "../api/tracking";
import { SettingsForm } from "./settings-form";

/** How the person is watched and told; only they see and change it. */
export function Monitoring(): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<TrackingSettings>("/v1/tracking/settings", signal), "settings");
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,1fr)_21rem]">
      <div>
        {loading && <Loading />}
        <ProblemNotice problem={problem} onRetry={reload} />
        {data && <SettingsForm settings={data} />}
      </div>
      <Switch />
    </div>
  );
}

function Switch(): ReactNode {
  const api = useApi();
  const toast = useToast();
  const saving = useAction();
  const { data, problem, reload } = useLoad((signal) => api.get<{ allowed: boolean }>("/v1/tracking/monitoring", signal), "monitoring");
  const set = async (allowed: boolean): Promise<void> => {
    if (!(await saving.run(() => api.json("PUT", "/v1/tracking/monitoring", { body: { allowed } })))) return;
    toast(allowed ? "Monitoring is on" : "Monitoring is off");
    reload();
  };
  return (
    <section aria-labelledby="monitoring-title" data-testid="monitoring" className="card space-y-3 p-5">
      <h2 id="monitoring-title" className="title text-lg">
        Monitoring
      </h2>
      <ProblemNotice problem={saving.problem ?? problem} onRetry={problem && reload} />
      {data && (
        <>
          <p>
            Monitoring is <strong className="font-semibold">{data.allowed ? "on" : "off"}</strong>.
          </p>
          <p className="text-sm text-muted">
            {data.allowed
              ? "VitaSense looks at new readings as they come in, compares them with guidelines and with what is usual for you, and raises an alarm when something stands out. It looks for you alone."
              : "New readings are stored and can be seen, but nobody looks at them: no alarm will be raised, whatever they are. Nothing that was decided before is deleted."}
          </p>
          <Button small look={data.allowed ? "plain" : "primary"} busy={saving.busy} onClick={() => void set(!data.allowed)}>
            {data.allowed ? "Switch monitoring off" : "Switch monitoring on"}
          </Button>
        </>
      )}
    </section>
  );
}
