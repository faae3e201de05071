import type { ReactNode } from "react";
import type { Measurement } from "../api/types";
import { Select } from "../ui/select";
import { begun, categoryName } from "../ui/words";

interface Props {
  items: Measurement[];
  value: string;
  onChange: (metric: string) => void;
}

/** The choice of one measurement, by parts of the record. */
export const MetricSelect = ({ items, value, onChange }: Props): ReactNode => (
  <Select label="Measurement" value={value} onChange={onChange} testId="measurement-select">
    {!items.some(({ metric }) => metric === value) && <option value={value}>{value}</option>}
    {[...new Set(items.map((item) => item.category))].map((category) => (
      <optgroup key={category} label={categoryName(category)}>
        {items
          .filter((item) => item.category === category)
          .map(({ metric, name, count }) => (
            <option key={metric} value={metric}>
              {begun(name)} ({count})
            </option>
          ))}
      </optgroup>
    ))}
  </Select>
);
