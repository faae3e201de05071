import type { ReactNode } from "react";
import type { Page, SharedPatient } from "../api/types";
import { href } from "../router";
import { useApi } from "../session/session";
import { formatWhen } from "../ui/format";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { PAGE, PageTitle } from "../ui/shell";
import { useLoad } from "../ui/use-load";
import { PURPOSE, SHAREABLE, categoryName, listOf } from "../ui/words";

/** The patients who shared something with this provider. */
export function PatientsPage(): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<SharedPatient>>("/v1/patients", signal), "patients");
  return (
    <div className={PAGE}>
      <PageTitle lead="People who shared their record with you. Every look is listed for them.">Patients</PageTitle>
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data?.items.length === 0 && (
        <Empty title="Nobody has shared a record with you yet">Patients give access with your email address.</Empty>
      )}
      <ul data-testid="patient-list" aria-label="Patients" className="grid gap-3 wide:grid-cols-2">
        {data?.items.map((patient) => (
          <li key={patient.id}>
            <a href={href(`/patients/${patient.id}/chat`)} className="card flex h-full items-center gap-4 p-5 transition-colors hover:border-accent">
              <span className="min-w-0 flex-1 space-y-1">
                <span className="title block text-xl">{patient.name}</span>
                <span className="block text-sm">{listOf(partsOf(patient))}</span>
                <span className="block text-sm text-muted">
                  {listOf(patient.purposes.map((purpose) => PURPOSE[purpose] ?? purpose))}
                  {patient.valid_until && `, until ${formatWhen(patient.valid_until)}`}
                </span>
              </span>
              <span className="text-muted">
                <Icon name="chevron" />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

const partsOf = (patient: SharedPatient): string[] =>
  SHAREABLE.filter((category) => patient.categories.includes(category)).map(categoryName);
