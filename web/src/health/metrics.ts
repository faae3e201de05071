import { query } from "../api/client";
import type { Measurement, Page } from "../api/types";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { type Loaded, useLoad } from "../ui/use-load";

/** What has been measured, of the record in view. */
export function useMeasurements(): Loaded<Measurement[]> {
  const api = useApi();
  const { patientId } = useWhose();
  return useLoad(
    async (signal) => (await api.get<Page<Measurement>>(`/v1/record/measurements${query({ patient_id: patientId })}`, signal)).items,
    `${patientId}`,
  );
}

/** LOINC of the systolic blood pressure: what most people look for first. */
const SYSTOLIC = "8480-6";

export const firstOf = (items: Measurement[]): Measurement | undefined =>
  items.find((item) => item.metric === SYSTOLIC) ?? items.toSorted((a, b) => b.count - a.count)[0];
