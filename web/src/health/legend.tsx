import type { ReactNode } from "react";
import type { TrackedSeries } from "../api/tracking";
import { begun, count } from "../ui/words";
import { rangeText } from "./drawing";
import { Unevaluated } from "./unevaluated";
import { UrgencyShape } from "./urgency";

export interface Shown {
  bands: boolean;
  own: boolean;
  usual: boolean;
}

interface Props {
  series: TrackedSeries;
  shown: Shown;
  onChange: (shown: Shown) => void;
}

/** What the ranges of a chart are, which of them are drawn, and why one is missing. */
export function Legend({ series, shown, onChange }: Props): ReactNode {
  const { bands, bands_reason, own_range, usual, usual_reason, unit } = series;
  const toggle = (part: keyof Shown): void => onChange({ ...shown, [part]: !shown[part] });
  return (
    <div className="space-y-2 text-sm">
      {own_range && (
        <Check on={shown.own} onToggle={() => toggle("own")}>
          Dashed lines: own range, {rangeText(own_range, unit)}
          {own_range.set_by_role === "provider" && ", set by a care provider"}
          {own_range.reason && ` (${own_range.reason})`}
        </Check>
      )}
      {usual && (
        <Check on={shown.usual} onToggle={() => toggle("usual")}>
          Dotted lines: what is usual, {rangeText({ low: rough(usual.low), high: rough(usual.high) }, unit)}, from {count(usual.days, "day")}
        </Check>
      )}
      {!usual && usual_reason && <Unevaluated what="What is usual" reason={usual_reason} />}
      {bands.length > 0 && (
        <Check on={shown.bands} onToggle={() => toggle("bands")}>
          Coloured ranges: what guidelines say
        </Check>
      )}
      {bands.length > 0 && (
        <ul aria-label="Ranges of the guideline" className="flex flex-wrap gap-x-5 gap-y-1 pl-7 text-muted">
          {bands.map((band) => (
            <li key={`${band.label} ${band.low}`} className="inline-flex items-center gap-1.5">
              <UrgencyShape urgency={band.urgency} size={10} />
              {begun(band.label)}: {rangeText(band, unit)}
            </li>
          ))}
        </ul>
      )}
      {bands.length > 0 && bands_reason && <p className="pl-7 text-muted">{begun(bands_reason)}</p>}
      {bands.length === 0 && bands_reason && <Unevaluated what="Guideline ranges" reason={bands_reason} />}
    </div>
  );
}

/** What is estimated is not told more exactly than it is known. */
const rough = (value: number): number => Number(value.toPrecision(3));

const Check = ({ on, onToggle, children }: { on: boolean; onToggle: () => void; children: ReactNode }): ReactNode => (
  <label className="flex min-h-8 cursor-pointer items-center gap-2.5">
    <input type="checkbox" className="size-4.5 shrink-0" checked={on} onChange={onToggle} />
    <span className="min-w-0 break-words">{children}</span>
  </label>
);
