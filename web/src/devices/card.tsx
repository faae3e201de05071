import { type FormEvent, type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Device, Webhook } from "../api/tracking";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { ConfirmDialog, FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { WebhookDialog } from "./webhook";
import { SUGGESTION, batteryWords, makeOf, qualityWords, stateOf } from "./words";

interface Props {
  device: Device;
  webhooks: Webhook[];
  onChanged: () => void;
}

/** One device: how it is, what could be done for it, and what can be changed. */
export function DeviceCard({ device, webhooks, onChanged }: Props): ReactNode {
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [asking, setAsking] = useState<"rename" | "retire" | "connect">();
  const { name, retired_at, firmware, suggestions = [] } = device;
  const close = (): void => setAsking(undefined);
  return (
    <li data-testid="device" className={`card flex flex-col gap-3 p-5 ${retired_at ? "border-dashed" : ""}`}>
      <div className="flex items-start gap-3">
        <span className="mt-0.5 text-accent">
          <Icon name="device" size={24} />
        </span>
        <div className="min-w-0">
          <h2 className="break-words text-lg font-semibold">{name}</h2>
          <p className="break-words text-sm text-muted">{makeOf(device)}</p>
          <p className="text-sm">{stateOf(device, new Date())}</p>
        </div>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1 text-sm">
        <Row name="Battery">{batteryWords(device)}</Row>
        <Row name="Quality">{qualityWords(device.quality)}</Row>
        {firmware && <Row name="Firmware">{firmware}</Row>}
        {webhooks.length > 0 && <Row name="Webhook">Connected</Row>}
      </dl>
      {suggestions.length > 0 && (
        <ul aria-label={`What to do for ${name}`} className="space-y-1 rounded-xl bg-warn-soft px-4 py-2.5 text-sm">
          {suggestions.map(({ kind, text }) => (
            <li key={kind} className="break-words">
              <span className="font-semibold">{SUGGESTION[kind] ?? "See to it"}: </span>
              {text}
            </li>
          ))}
        </ul>
      )}
      {mayWrite && !retired_at && (
        <div className="mt-auto flex flex-wrap gap-2">
          {!patientId && (
            <Button small onClick={() => setAsking("connect")} aria-label={`Connect ${name}`}>
              {webhooks.length > 0 ? "Connection" : "Connect"}
            </Button>
          )}
          <Button small onClick={() => setAsking("rename")} aria-label={`Rename ${name}`}>
            Rename
          </Button>
          <Button small onClick={() => setAsking("retire")} aria-label={`Retire ${name}`}>
            Retire
          </Button>
        </div>
      )}
      {asking === "rename" && <Rename device={device} onClose={close} onChanged={onChanged} />}
      {asking === "retire" && <Retire device={device} onClose={close} onChanged={onChanged} />}
      {asking === "connect" && <WebhookDialog device={device} webhooks={webhooks} onClose={close} onChanged={onChanged} />}
    </li>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }): ReactNode => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);

interface DialogProps {
  device: Device;
  onClose: () => void;
  onChanged: () => void;
}

function Rename({ device, onClose, onChanged }: DialogProps): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const [name, setName] = useState(device.name);
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const path = `/v1/devices/${device.id}${query({ patient_id: patientId })}`;
    if (busy || !(await run(() => api.json("PATCH", path, { body: { name: name.trim() } })))) return;
    toast("Renamed");
    onClose();
    onChanged();
  };
  return (
    <FormDialog open onClose={onClose} title="Rename the device">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <ProblemNotice problem={problem} />
        <Field label="Name" required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

function Retire({ device, onClose, onChanged }: DialogProps): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const { busy, problem, run } = useAction();
  const retire = async (): Promise<void> => {
    const path = `/v1/devices/${device.id}${query({ patient_id: patientId })}`;
    if (!(await run(() => api.json("PATCH", path, { body: { retired: true } })))) return;
    toast("Retired");
    onClose();
    onChanged();
  };
  return (
    <ConfirmDialog
      open
      title={`Retire ${device.name}?`}
      text="It is not asked about any more and gives no suggestions. What it measured stays."
      yes="Retire"
      busy={busy}
      problem={problem}
      onYes={() => void retire()}
      onClose={onClose}
    />
  );
}
