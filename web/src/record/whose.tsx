import { type ReactNode, createContext, useContext } from "react";

export interface Whose {
  /** Where the routes of this record begin: "" for one's own, "/patients/{id}" for a provider. */
  base: string;
  /** Named in requests by a provider only; a patient's requests never carry one. */
  patientId?: string;
}

const WhoseContext = createContext<Whose>({ base: "" });

/** Whose record the pages inside are about. */
export const RecordOf = ({ value, children }: { value: Whose; children: ReactNode }): ReactNode => (
  <WhoseContext value={value}>{children}</WhoseContext>
);

export const useWhose = (): Whose => useContext(WhoseContext);
