import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { DeliveryReport } from "../api/tracking";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { DropZone } from "../ui/drop-zone";
import { ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useAction } from "../ui/use-load";
import { Report } from "./report";
import { FORMATS } from "./words";

/** Takes files of devices and apps, one after the other, and reports what became of each. */
export function DeviceImport({ onTaken }: { onTaken: () => void }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [format, setFormat] = useState("");
  const [sent, setSent] = useState<{ name: string; share: number }>();
  const [reports, setReports] = useState<{ name: string; report: DeliveryReport }[]>([]);
  const { busy, problem, run } = useAction();

  const take = async (file: File): Promise<void> => {
    const form = new FormData();
    form.append("file", file, file.name);
    setSent({ name: file.name, share: 0 });
    const path = `/v1/observations/files${query({ format, patient_id: patientId })}`;
    const onProgress = (share: number): void => setSent({ name: file.name, share });
    const report = await api.json<DeliveryReport>("POST", path, { form, onProgress });
    setReports((before) => [...before, { name: file.name, report }]);
  };
  const takeAll = async (files: File[]): Promise<void> => {
    setReports([]);
    await run(async () => {
      for (const file of files) await take(file);
    });
    setSent(undefined);
    onTaken();
  };
  return (
    <div className="space-y-5">
      <div className="max-w-md">
        <Select label="Kind of file" value={format} onChange={setFormat}>
          <option value="">Find out by itself</option>
          {FORMATS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <DropZone
        label="Device files to import"
        testId="device-file"
        multiple
        busy={busy}
        busyWords="Reading"
        lead={
          <>
            <span className="font-medium">Drop a file of a device or an app here</span>, or choose it.
          </>
        }
        hint="Apple Health, Fitbit, Google Fit, Withings, iHealth, FIT, GPX, TCX, glucose sensors, CSV and JSON. Importing a file twice changes nothing."
        onFiles={(files) => void takeAll(files)}
      />
      {sent && (
        <div role="status" className="space-y-1.5">
          <p className="break-words text-sm">{sent.share < 1 ? `Sending ${sent.name}` : `Reading ${sent.name}: what is in it is being stored`}</p>
          <progress value={sent.share < 1 ? sent.share : undefined} max={1} aria-label={`Sending ${sent.name}`} className={sent.share < 1 ? "progress block w-full" : "block w-full accent-accent"} />
        </div>
      )}
      <ProblemNotice problem={problem && { ...problem, title: "A file was not taken" }} />
      {reports.map(({ name, report }) => (
        <Report key={`${name} ${report.delivery_id}`} name={name} report={report} />
      ))}
    </div>
  );
}
