import { type ReactNode, createContext, useContext } from "react";
import type { Page, SharedPatient } from "../api/types";
import { useApi } from "../session/session";
import { useLoad } from "../ui/use-load";

const RightsContext = createContext(true);

/** Whether the pages inside may offer to change something; the server decides in the end. */
export const useMayWrite = (): boolean => useContext(RightsContext);

/** What a provider was allowed to do with the record in view. Nothing is offered until it is known. */
export function ProviderRights({ patientId, children }: { patientId: string; children: ReactNode }): ReactNode {
  const api = useApi();
  const { data } = useLoad((signal) => api.get<Page<SharedPatient>>("/v1/patients", signal), patientId);
  const shared = data?.items.find(({ id }) => id === patientId);
  return <RightsContext value={shared?.actions.includes("write") ?? false}>{children}</RightsContext>;
}
