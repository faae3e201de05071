import { type ReactNode, useEffect } from "react";
import { query } from "../api/client";
import type { RecordSummary } from "../api/types";
import { useConversations } from "../chat/conversations";
import { useWhose } from "../record/whose";
import { useRoute } from "../router";
import { useApi } from "../session/session";
import { formatDate } from "../ui/format";
import { useLoad } from "../ui/use-load";
import { categoryName, listOf } from "../ui/words";

/** Whose record is open, and what of it is not shared: always in view for a provider. */
export function PatientBar(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const { parts } = useRoute();
  const { data, problem, reload } = useLoad(
    (signal) => api.get<RecordSummary>(`/v1/record${query({ patient_id: patientId })}`, signal),
    `${patientId}`,
  );
  // Sharing may change while the record is open.
  const place = parts.join("/");
  const [, { items }] = useConversations();
  useEffect(reload, [place, items?.length, reload]);
  const hidden = data?.not_shared.map((category) => categoryName(category).toLowerCase()) ?? [];
  return (
    <section aria-label="Open record" data-testid="patient-bar" className="border-b border-line bg-accent-soft px-4 py-2 wide:px-8">
      {data && (
        <p>
          Record of <strong className="font-semibold">{data.patient.name}</strong>
          {data.patient.birth_date && <span>, born {formatDate(data.patient.birth_date)}</span>}
        </p>
      )}
      {data && (
        <p className="text-sm text-ink/85">
          {hidden.length > 0 ? `Not shared with you: ${listOf(hidden)}` : "Every part is shared with you"}
        </p>
      )}
      {!data && <p role="status">{problem ? closedWords(problem.status) : "Opening the record…"}</p>}
    </section>
  );
}

const closedWords = (status: number): string =>
  status === 403 || status === 404
    ? "This record is not shared with you, or no longer."
    : "The record could not be opened. Reload the page to try again.";
