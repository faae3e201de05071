import type { Finding } from "../api/types";
import { begun } from "../ui/words";

export interface ChartLink {
  metric: string;
  name: string;
  /** The day of the first value: "2026-05-01". */
  since: string;
}

const OVER_TIME = /^(measurement\.history$|tracking\.)/;

/** The measurements of which a reply tells several values over time, each once. */
export function chartLinks(findings: Finding[]): ChartLink[] {
  const links = new Map<string, ChartLink & { values: number }>();
  for (const { kind, values } of findings) {
    if (!OVER_TIME.test(kind)) continue;
    for (const { code, name, number, at } of values) {
      if (!code || number === null || !at || Number.isNaN(Date.parse(at))) continue;
      const day = new Date(at).toISOString().slice(0, 10);
      const known = links.get(code);
      links.set(code, {
        metric: code,
        name: known?.name ?? begun(name),
        since: known && known.since < day ? known.since : day,
        values: (known?.values ?? 0) + 1,
      });
    }
  }
  return [...links.values()].filter(({ values }) => values > 1).map(({ metric, name, since }) => ({ metric, name, since }));
}
