import type { Candidate, CandidateState, Severity } from "../api/review";

export const SEVERITY: Record<Severity, string> = {
  contraindicated: "Never together",
  major: "Serious",
  moderate: "Needs care",
  minor: "Minor",
};

export const STATE: Record<CandidateState, string> = {
  proposed: "To decide",
  accepted: "Accepted",
  edited: "Accepted with changes",
  refused: "Refused",
};

/** How a proposal stands to what is known already. */
export function standingWords({ known }: Pick<Candidate, "known">): string {
  const rated = known.severity ? `, as “${SEVERITY[known.severity].toLowerCase()}”` : "";
  switch (known.standing) {
    case "new":
      return "Nothing is known of the two so far";
    case "same":
      return `Known already${rated}`;
    case "other":
      return `Known otherwise${rated}`;
    case "unnamed":
      return "One of the two is no single thing that is known: name it first";
  }
}

/** Whether an edge can come of it as it is; what is denied never becomes one. */
export const mayBeAccepted = ({ denied, draft }: Pick<Candidate, "denied" | "draft">): boolean =>
  !denied && draft.source !== null && draft.target !== null && draft.source !== draft.target;

const RATED = new Set(["interacts", "contraindicated"]);

/** Whether it has a severity, what happens, and an advice. */
export const isRated = ({ draft }: Pick<Candidate, "draft">): boolean => RATED.has(draft.relation);

export interface Piece {
  text: string;
  marked: boolean;
}

/** The sentence cut where the two things are named. Places count characters as people see them, not UTF-16 units. */
export function marked({ sentence, start, subject, object }: Pick<Candidate, "sentence" | "start" | "subject" | "object">): Piece[] {
  const letters = [...sentence];
  const spans = [subject, object]
    .map((mention) => ({ from: mention.start - start, to: mention.end - start, text: mention.text }))
    .filter(({ from, to, text }) => from >= 0 && letters.slice(from, to).join("") === text)
    .toSorted((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let place = 0;
  for (const { from, to } of spans) {
    if (from < place) continue;
    pieces.push({ text: letters.slice(place, from).join(""), marked: false }, { text: letters.slice(from, to).join(""), marked: true });
    place = to;
  }
  pieces.push({ text: letters.slice(place).join(""), marked: false });
  return pieces.filter(({ text }) => text !== "");
}

export interface EdgeForm {
  source: string;
  target: string;
  severity: string;
  what: string;
  advice: string;
}

/** What a form begins with: the edge as it stands. */
export const formOf = ({ draft, edited }: Pick<Candidate, "draft" | "edited">): EdgeForm => {
  const { source_name, target_name, severity, what, advice } = edited ?? draft;
  return { source: source_name, target: target_name, severity: severity ?? "", what: what ?? "", advice: advice ?? "" };
};

/** Only what differs from what was read; an end that nobody knows is always named. */
export function changesOf(form: EdgeForm, { draft }: Pick<Candidate, "draft">): Record<string, string> {
  const read = formOf({ draft, edited: null });
  const names = ["source", "target", "severity", "what", "advice"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const said = form[name].trim();
      const isUnnamed = (name === "source" || name === "target") && draft[name] === null;
      return said && (said !== read[name] || isUnnamed) ? [[name, said]] : [];
    }),
  );
}
