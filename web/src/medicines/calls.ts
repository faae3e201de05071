import { query } from "../api/client";
import { useWhose } from "../record/whose";

/** Paths of a person's medicines, of one's own or of the patient in view: ("/check") → "/v1/medications/check". */
export function useMedicinePath(): (rest?: string, parameters?: Record<string, string>) => string {
  const { patientId } = useWhose();
  return (rest = "", parameters = {}) => `/v1/medications${rest}${query({ ...parameters, patient_id: patientId })}`;
}

/** A new id (UUID, version 4): the same request sent again is then the same. Also where the page is served without TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
