import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Device, Priority } from "../api/tracking";
import type { Measurement, Page } from "../api/types";
import { useMeasurements } from "../health/metrics";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button, IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import { inOrder, reordered } from "./words";

const ALL = "*";

/** Which device counts first where several measured the same, for one measurement or for all. */
export function Priorities({ devices }: { devices: Device[] }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [metric, setMetric] = useState(ALL);
  const measured = useMeasurements();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<Priority>>(`/v1/tracking/priorities${query({ patient_id: patientId })}`, signal),
    `${patientId}`,
  );
  if (devices.length < 2) return <Empty title="There is nothing to choose between">When two devices measure the same, say here which one counts first: steps of a watch and a phone are not added up.</Empty>;
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const order = (data.items.find((item) => item.metric === metric) ?? data.items.find((item) => item.metric === ALL))?.device_ids ?? [];
  return (
    <div className="max-w-xl space-y-4">
      <p className="text-muted">Where devices overlap, only the first one counts, and the others fill the gaps.</p>
      <Select label="For" value={metric} onChange={setMetric}>
        <option value={ALL}>Every measurement</option>
        {(measured.data ?? []).map((item: Measurement) => (
          <option key={item.metric} value={item.metric}>
            {begun(item.name)}
          </option>
        ))}
      </Select>
      <Order key={`${metric} ${order.join()}`} metric={metric} devices={inOrder(devices, order)} onSaved={reload} />
    </div>
  );
}

function Order({ metric, devices, onSaved }: { metric: string; devices: Device[]; onSaved: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [ids, setIds] = useState(devices.map(({ id }) => id));
  const [said, setSaid] = useState("");
  const { busy, problem, run } = useAction();
  const step = (device: Device, by: -1 | 1): void => {
    const next = reordered(ids, device.id, by);
    setIds(next);
    setSaid(`${device.name} is number ${next.indexOf(device.id) + 1} now`);
  };
  const save = async (): Promise<void> => {
    const path = `/v1/tracking/priorities/${encodeURIComponent(metric)}${query({ patient_id: patientId })}`;
    if (!(await run(() => api.json("PUT", path, { body: { device_ids: ids } })))) return;
    toast("Order kept");
    onSaved();
  };
  return (
    <>
      <ol aria-label="Order of the devices" data-testid="device-order" className="card divide-y divide-line">
        {inOrder(devices, ids).map((device, index) => (
          <li key={device.id} className="flex items-center gap-3 py-2 pl-5 pr-2">
            <span className="w-5 tabular-nums text-muted">{index + 1}</span>
            <span className="min-w-0 flex-1 break-words">
              {device.name}
              {device.retired_at && <span className="text-sm text-muted"> (not used any more)</span>}
            </span>
            {mayWrite && (
              <>
                <IconButton label={`${device.name}: earlier`} disabled={index === 0} onClick={() => step(device, -1)}>
                  <Icon name="up" />
                </IconButton>
                <IconButton label={`${device.name}: later`} disabled={index === ids.length - 1} onClick={() => step(device, 1)}>
                  <Icon name="down" />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {said}
      </p>
      <ProblemNotice problem={problem} />
      {mayWrite && (
        <Button look="primary" busy={busy} onClick={() => void save()}>
          Keep this order
        </Button>
      )}
    </>
  );
}
