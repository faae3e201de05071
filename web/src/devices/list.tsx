import { type ReactNode, useState } from "react";
import type { Device, Webhook } from "../api/tracking";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { Empty, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { DeviceCard } from "./card";
import { RegisterForm } from "./register";

interface Props {
  devices: Device[];
  onChanged: () => void;
}

/** The devices in use, then those that are not used any more. */
export function DeviceList({ devices, onChanged }: Props): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [registering, setRegistering] = useState(false);
  // Where devices deliver to is the person's own business: a provider is not told.
  const hooks = useLoad(
    async (signal) => (patientId ? [] : (await api.get<Page<Webhook>>("/v1/devices/webhooks/all", signal)).items),
    `${patientId} ${devices.length}`,
  );
  const changed = (): void => {
    hooks.reload();
    onChanged();
  };
  const used = devices.filter(({ retired_at }) => retired_at === null);
  const retired = devices.filter(({ retired_at }) => retired_at !== null);
  const cards = (ones: Device[], label: string): ReactNode => (
    <ul aria-label={label} data-testid="device-list" className="grid gap-3 wide:grid-cols-2">
      {ones.map((device) => (
        <DeviceCard key={device.id} device={device} webhooks={(hooks.data ?? []).filter(({ device_id, revoked_at }) => device_id === device.id && revoked_at === null)} onChanged={changed} />
      ))}
    </ul>
  );
  return (
    <div className="space-y-5">
      {mayWrite && (
        <Button look="primary" onClick={() => setRegistering(true)}>
          <Icon name="plus" size={18} />
          Add a device
        </Button>
      )}
      <ProblemNotice problem={hooks.problem} onRetry={hooks.reload} />
      {devices.length === 0 && <Empty title="No devices yet">Add a blood pressure cuff, a watch or a scale, or import a file of one: the devices in it are found by themselves.</Empty>}
      {used.length > 0 && cards(used, "Devices in use")}
      {retired.length > 0 && (
        <details>
          <summary className="min-h-10 py-2 font-medium text-accent">Not used any more ({retired.length})</summary>
          {cards(retired, "Not used any more")}
        </details>
      )}
      {registering && <RegisterForm onClose={() => setRegistering(false)} onRegistered={changed} />}
    </div>
  );
}
