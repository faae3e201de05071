import type { ReactNode } from "react";
import type { Resolution } from "../api/tracking";
import { formatNumber, formatQuantity } from "../ui/format";
import { type Drawing, isLow, sideOf, whenWords } from "./drawing";

const SIDE = { low: "Below the range", high: "Above the range", in: "Within the range", unknown: "" };
const ONE: Record<Resolution, string> = { raw: "each value", hour: "by hour", day: "by day" };

/** The same as the chart, to be read. */
export function PointTable({ drawing, resolution }: { drawing: Drawing; resolution: Resolution }): ReactNode {
  const { points, range, unit, kind } = drawing;
  const spread = kind === "instant" && resolution !== "raw";
  return (
    <details className="border-t border-line pt-2">
      <summary className="min-h-10 py-2 text-sm font-medium text-accent">Show the values as a table ({ONE[resolution]})</summary>
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Values">
        <table className="w-full whitespace-nowrap text-left text-sm tabular-nums">
          <caption className="sr-only">Values of the chart, the newest first</caption>
          <thead className="text-muted">
            <tr>
              <Head>When</Head>
              <Head>{spread ? "On average" : "Value"}</Head>
              {spread && <Head>Lowest to highest</Head>}
              {resolution !== "raw" && <Head>Values</Head>}
              {range && <Head>Own range</Head>}
              <Head>From</Head>
              <Head>Quality</Head>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {[...points].reverse().map((point, index) => (
              <tr key={index}>
                <Cell>{whenWords(point)}</Cell>
                <Cell strong>{formatQuantity(point.value, unit)}</Cell>
                {spread && <Cell>{`${formatNumber(point.least)} to ${formatNumber(point.most)}`}</Cell>}
                {resolution !== "raw" && <Cell>{formatNumber(point.count)}</Cell>}
                {range && <Cell>{SIDE[sideOf(point.value, range)]}</Cell>}
                <Cell>{point.by_device ? "A device" : "The record"}</Cell>
                <Cell>{isLow(point) ? "Low" : "Good"}</Cell>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const Head = ({ children }: { children: ReactNode }): ReactNode => (
  <th scope="col" className="py-2 pr-5 font-medium">
    {children}
  </th>
);

const Cell = ({ strong, children }: { strong?: boolean; children: ReactNode }): ReactNode => (
  <td className={`py-1.5 pr-5 ${strong ? "font-medium" : ""}`}>{children}</td>
);
