import { type ReactNode, useState } from "react";
import { navigate } from "../router";
import { PAGE, PageTitle } from "../ui/shell";
import { PageTabs } from "../ui/tabs";
import { CandidateList } from "./candidate-list";
import { Documents } from "./documents";

/** Documents in, candidates out, and what is decided on each; for administrators. */
export function ReviewPage({ part }: { part: string | undefined }): ReactNode {
  const [round, setRound] = useState(0);
  const parts = [
    { part: "candidates", label: "To review", content: <CandidateList key={round} /> },
    { part: "documents", label: "Documents", content: <Documents onRead={() => setRound(round + 1)} /> },
  ];
  return (
    <div className={PAGE}>
      <PageTitle lead="What published documents say about medicines. Nothing counts before somebody accepts it.">Knowledge</PageTitle>
      <PageTabs label="Knowledge" parts={parts} current={part === "documents" ? "documents" : "candidates"} onChange={(to) => navigate(to === "candidates" ? "/knowledge" : `/knowledge/${to}`)} />
    </div>
  );
}
