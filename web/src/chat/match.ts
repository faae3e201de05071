import type { Finding } from "../api/types";

export interface Sentence {
  text: string;
  /** Indexes of the findings that this sentence rests on, the best first. */
  findings: number[];
}

export interface Block {
  kind: "paragraph" | "item" | "heading";
  /** A blank line stood before it: two lists are not run together. */
  apart: boolean;
  sentences: Sentence[];
}

const ITEM = /^\s*(?:[-*•]|\d+[.)])\s+/;
const HEADING = /^#{1,4}\s+/;
/** A finding carries a sentence when at least this share of the sentence's words is in it. */
const SHARE = 0.6;

/** A reply as paragraphs and list items, every sentence with the findings that it rests on. */
export function blocksOf(reply: string, findings: Finding[]): Block[] {
  const lines = reply.split("\n");
  return lines.flatMap((line, index) => {
    const kind = HEADING.test(line) ? "heading" : ITEM.test(line) ? "item" : "paragraph";
    const text = line.replace(HEADING, "").replace(ITEM, "").trim();
    if (!text) return [];
    const sentences = sentencesOf(text).map((sentence) => ({ text: sentence, findings: matches(sentence, findings) }));
    return [{ kind, apart: !lines[index - 1]?.trim(), sentences: markedOnce(sentences) } as const];
  });
}

/** Neighbouring sentences that rest on the same are marked once, after the last of them. */
function markedOnce(sentences: Sentence[]): Sentence[] {
  return sentences.map((sentence, index) => {
    const next = sentences[index + 1]?.findings ?? [];
    return { ...sentence, findings: sentence.findings.filter((finding) => !next.includes(finding)) };
  });
}

/** Whether the reply says the finding in its very words. */
export function isSaid(finding: Finding, reply: string): boolean {
  return words(reply).join(" ").includes(words(finding.text).join(" "));
}

/** The sentences of a line, spaces kept, so that joining them gives the line again. */
export function sentencesOf(line: string): string[] {
  const segments = [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(line)].map((part) => part.segment);
  // "Dr. Haddad" is no end of a sentence.
  return segments.reduce<string[]>((all, part) => {
    const last = all.at(-1);
    if (last !== undefined && /\b(?:Dr|Mr|Mrs|Ms|vs|approx|e\.g|i\.e)\.\s*$/.test(last)) all[all.length - 1] = last + part;
    else all.push(part);
    return all;
  }, []);
}

/** Which findings a sentence rests on: those that say it, else the one that shares most of its words and all its numbers. */
export function matches(sentence: string, findings: Finding[]): number[] {
  const said = words(sentence);
  if (said.length === 0) return [];
  const plain = said.join(" ");
  const exact = findings.flatMap((finding, index) => {
    const text = words(finding.text).join(" ");
    return text && (text.includes(plain) || plain.includes(text)) && said.length > 1 ? [index] : [];
  });
  if (exact.length > 0) return exact;
  const scored = findings.map((finding, index) => ({ index, score: score(said, finding) }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { index: -1, score: 0 });
  return best.score >= SHARE ? [best.index] : [];
}

function score(said: string[], finding: Finding): number {
  const known = new Set(words(`${finding.text} ${finding.values.map((v) => `${v.name} ${v.number ?? ""} ${v.text ?? ""}`).join(" ")}`));
  if (denies(said) !== denies(words(finding.text))) return 0;
  if (said.some((word) => /^\d/.test(word) && !known.has(word))) return 0;
  const telling = said.filter((word) => word.length > 3 || /^\d/.test(word));
  return telling.length < 2 ? 0 : telling.filter((word) => known.has(word)).length / telling.length;
}

const DENIAL = new Set(["no", "not", "never", "none", "without", "cannot", "nothing"]);
const denies = (said: string[]): boolean => said.some((word) => DENIAL.has(word));

/** Lower-case words and numbers; "5.20" and "5.2" are the same number. */
function words(text: string): string[] {
  return (text.toLowerCase().match(/\d+(?:[.,]\d+)*|[\p{L}]+/gu) ?? []).map((word) =>
    /^\d/.test(word) ? String(Number(word.replace(/,(?=\d{3}\b)/g, "").replace(",", "."))) : word,
  );
}
