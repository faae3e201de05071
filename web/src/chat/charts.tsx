import type { ReactNode } from "react";
import type { Finding } from "../api/types";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { Icon } from "../ui/icons";
import { chartLinks } from "./chart-link";

/** Leads from values over time to their chart. */
export function ChartLinks({ findings }: { findings: Finding[] }): ReactNode {
  const { base } = useWhose();
  const links = chartLinks(findings);
  if (links.length === 0) return null;
  return (
    <ul aria-label="Charts" className="flex flex-wrap gap-2">
      {links.map(({ metric, name, since }) => (
        <li key={metric}>
          <a
            href={href(`${base}/health/${encodeURIComponent(metric)}?since=${since}`)}
            data-testid="chart-link"
            className="inline-flex min-h-9 items-center gap-2 rounded-full border border-edge bg-surface px-3.5 text-sm font-medium hover:bg-sunken"
          >
            <Icon name="chart" size={18} />
            See the chart{links.length > 1 && `: ${name}`}
            {links.length === 1 && <span className="sr-only">: {name}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}
