/** Human forms of the UCUM units that health records use; an unknown unit is shown as it came. */
const WHOLE: Record<string, string> = {
  "1": "",
  "/min": "per minute",
  "{beats}/min": "beats per minute",
  "{breaths}/min": "breaths per minute",
  "mm[Hg]": "mmHg",
  Cel: "°C",
  "[degF]": "°F",
  "[lb_av]": "lb",
  "[oz_av]": "oz",
  "[in_i]": "in",
  "[ft_i]": "ft",
  a: "years",
  mo: "months",
  wk: "weeks",
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  "[pH]": "",
  "{INR}": "",
};

const PARTS: [RegExp, string][] = [
  [/mm\[Hg\]/g, "mmHg"],
  [/\[IU\]|\[iU\]/g, "IU"],
  [/\[(?:arb'U|arb_U)\]/g, "U"],
  [/\[lb_av\]/g, "lb"],
  [/\[in_i\]/g, "in"],
  [/\{1\.73_?m2\}/g, "1.73 m²"],
  [/\{[^}]*\}/g, ""],
  [/(?<![A-Za-z])u(?=(?:g|mol|L|m|IU|U|kat)(?![A-Za-z]))/g, "µ"],
  [/(?<![A-Za-z])Cel(?![A-Za-z])/g, "°C"],
  [/m2(?!\d)/g, "m²"],
  [/m3(?!\d)/g, "m³"],
  [/10\*(\d+)/g, "×10^$1"],
];

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raise = (digits: string): string => [...digits].map((digit) => RAISED[Number(digit)] ?? digit).join("");

/** "mm[Hg]" → "mmHg", "10*3/uL" → "×10³/µL", "/min" → "per minute". */
export function humanUnit(ucum: string | null | undefined): string {
  const unit = ucum?.trim() ?? "";
  const known = WHOLE[unit];
  if (known !== undefined) return known;
  const text = PARTS.reduce((sofar, [pattern, human]) => sofar.replace(pattern, human), unit);
  return text.replace(/\^(\d+)/g, (_, digits: string) => raise(digits)).replace(/^\/(?=\S)/, "per ");
}
