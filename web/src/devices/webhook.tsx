import { type ReactNode, useState } from "react";
import type { Device, Webhook } from "../api/tracking";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { CopyField } from "../ui/copy-field";
import { FormDialog } from "../ui/dialog";
import { formatDate } from "../ui/format";
import { Note, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";

interface Props {
  device: Device;
  webhooks: Webhook[];
  onClose: () => void;
  onChanged: () => void;
}

const EXAMPLE = `{
  "observations": [
    {"metric": "blood pressure",
     "at": "2026-11-03T07:30:00+01:00",
     "systolic": 128, "diastolic": 81,
     "unit": "mm[Hg]"}
  ],
  "device": {"battery": 0.8}
}`;

/** Where a device delivers to: made here, its secret shown once, and ended here. */
export function WebhookDialog({ device, webhooks, onClose, onChanged }: Props): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [made, setMade] = useState<Webhook>();
  const { busy, problem, run } = useAction();
  const open = (): Promise<boolean> =>
    run(async () => {
      setMade(await api.post<Webhook>(`/v1/devices/${device.id}/webhooks`));
      onChanged();
    });
  const end = async (id: string): Promise<void> => {
    if (!(await run(() => api.json("DELETE", `/v1/devices/webhooks/${id}`)))) return;
    toast("Connection ended");
    onChanged();
  };
  return (
    <FormDialog open onClose={onClose} title={`Connect ${device.name}`}>
      <div className="space-y-4">
        <ProblemNotice problem={problem} />
        {made ? (
          <Made made={made} />
        ) : (
          <>
            <p>A webhook is an address that the device, or the maker's service, sends each measurement to. It gets a secret of its own to sign what it sends.</p>
            {webhooks.map(({ id, url, created_at }) => (
              <div key={id} className="space-y-2 rounded-xl border border-line p-3">
                <CopyField label={`Address, made ${formatDate(created_at)}`} value={url} />
                <Button small busy={busy} onClick={() => void end(id)}>
                  End this connection
                </Button>
              </div>
            ))}
            <Button look="primary" busy={busy} onClick={() => void open()}>
              {webhooks.length > 0 ? "Make another address" : "Make an address and a secret"}
            </Button>
          </>
        )}
        <div className="flex justify-end">
          <Button onClick={onClose}>{made ? "I have copied them" : "Close"}</Button>
        </div>
      </div>
    </FormDialog>
  );
}

const Made = ({ made }: { made: Webhook }): ReactNode => (
  <div data-testid="webhook-made" className="space-y-4">
    <Note title="The secret is shown only now">Copy it to where the device is set up. Who has it can send measurements in your name.</Note>
    <CopyField label="Address" value={made.url} />
    <CopyField label="Secret" value={made.secret ?? ""} />
    <details>
      <summary className="min-h-10 py-2 text-sm font-medium text-accent">What to send</summary>
      <p className="text-sm">
        A POST request with JSON, signed as the Standard Webhooks specification says: headers webhook-id, webhook-timestamp and webhook-signature. The same
        webhook-id again changes nothing.
      </p>
      <pre tabIndex={0} aria-label="Example of a delivery" className="mt-2 overflow-auto rounded-xl bg-sunken p-3 font-mono text-xs leading-relaxed">
        {EXAMPLE}
      </pre>
    </details>
  </div>
);
