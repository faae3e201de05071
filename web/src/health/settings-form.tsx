import { type FormEvent, type ReactNode, useState } from "react";
import type { TrackingSettings } from "../api/tracking";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Choices, Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";

const CHANNELS = [
  { value: "page", label: "On this page" },
  { value: "email", label: "By email", hint: "Says that something waits, never what." },
  { value: "webhook", label: "By webhook", hint: "To an address of yours." },
];

const QUIET = { from: "22:00", until: "07:00" };
/** Browsers leave UTC out of their list. */
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** Time zone, quiet hours, ways of being told, and whether care providers are told too. */
export function SettingsForm({ settings }: { settings: TrackingSettings }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [form, setForm] = useState(settings);
  const { busy, problem, run } = useAction();
  const set = (part: Partial<TrackingSettings>): void => setForm({ ...form, ...part });
  const quiet = form.quiet_from !== null;
  const webhook = form.channels.includes("webhook");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = { ...form, hook_url: form.hook_url?.trim() || null };
    if (busy || !(await run(() => api.json("PUT", "/v1/tracking/settings", { body })))) return;
    toast("Settings kept");
  };
  const zones = ZONES.includes(form.timezone) ? ZONES : [form.timezone, ...ZONES];
  return (
    <form onSubmit={(event) => void submit(event)} aria-labelledby="settings-title" data-testid="tracking-settings" className="card space-y-5 p-5">
      <h2 id="settings-title" className="title text-lg">
        How you want to be told
      </h2>
      <ProblemNotice problem={problem} />
      <Select label="Time zone" value={form.timezone} onChange={(timezone) => set({ timezone })} hint="Days and quiet hours go by it.">
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </Select>
      <fieldset className="space-y-2">
        <legend className="text-sm font-medium">Quiet hours</legend>
        <Check on={quiet} onChange={(on) => set({ quiet_from: on ? QUIET.from : null, quiet_until: on ? QUIET.until : null })}>
          Only emergencies may disturb me for a part of the day
        </Check>
        {quiet && (
          <div className="grid max-w-80 grid-cols-2 gap-3">
            <Field label="From" type="time" required value={clock(form.quiet_from)} onChange={(event) => set({ quiet_from: event.target.value })} />
            <Field label="Until" type="time" required value={clock(form.quiet_until)} onChange={(event) => set({ quiet_until: event.target.value })} />
          </div>
        )}
      </fieldset>
      <Choices legend="Tell me" options={CHANNELS} chosen={form.channels} onChange={(channels) => set({ channels })} />
      {webhook && (
        <Field
          label="Webhook address"
          type="url"
          required
          placeholder="https://"
          maxLength={2000}
          value={form.hook_url ?? ""}
          onChange={(event) => set({ hook_url: event.target.value })}
          hint="It is told that an alarm waits, and its number; nothing of what was measured."
        />
      )}
      <fieldset>
        <legend className="text-sm font-medium">Care providers</legend>
        <Check on={form.tells_providers} onChange={(tells_providers) => set({ tells_providers })}>
          Tell those I share with about alarms of the parts that they may see
        </Check>
      </fieldset>
      <Button type="submit" look="primary" busy={busy}>
        Keep
      </Button>
    </form>
  );
}

/** "22:00:00" → "22:00", as the field wants it. */
const clock = (time: string | null): string => (time ?? "").slice(0, 5);

const Check = ({ on, onChange, children }: { on: boolean; onChange: (on: boolean) => void; children: ReactNode }): ReactNode => (
  <label className="flex min-h-10 cursor-pointer items-center gap-2.5 py-1">
    <input type="checkbox" className="size-4.5 shrink-0" checked={on} onChange={(event) => onChange(event.target.checked)} />
    <span>{children}</span>
  </label>
);
