import { humanUnit } from "./units";

/** The reader's own locale, as the browser gives it. */
const LOCALE: string | undefined = typeof navigator === "undefined" ? undefined : navigator.language;

const DAY_ONLY = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/;
/** Midnight UTC to the second is how a date without a time is stored; shown as that date everywhere. */
const MIDNIGHT_UTC = /^(\d{4}-\d{2}-\d{2})T00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)$/;

/** At most two decimals (three below 1), grouped as the reader's locale does. */
export function formatNumber(value: number, locale = LOCALE): string {
  const digits = Math.abs(value) < 1 ? 3 : 2;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** "128 mmHg", "37.2 °C", "98%"; the number alone when there is no unit. */
export function formatQuantity(value: number, unit?: string | null, locale = LOCALE): string {
  const human = humanUnit(unit);
  if (!human) return formatNumber(value, locale);
  return `${formatNumber(value, locale)}${human.startsWith("%") ? "" : "\u00A0"}${human}`;
}

/** "3 May 2025" in the reader's order; a year or a month alone stays one; "" when there is none. */
export function formatDate(iso: string | null | undefined, locale = LOCALE): string {
  if (!iso) return "";
  const [, year, month, day] = DAY_ONLY.exec(iso.replace(MIDNIGHT_UTC, "$1")) ?? [];
  if (year && !month) return year;
  const date = year ? new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1))) : new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const shape: Intl.DateTimeFormatOptions = { year: "numeric", month: "short" };
  if (!year || day) shape.day = "numeric";
  return new Intl.DateTimeFormat(locale, year ? { ...shape, timeZone: "UTC" } : shape).format(date);
}

/** The date with the time of day, in the reader's time zone; only the date where no time was recorded. */
export function formatWhen(iso: string | null | undefined, locale = LOCALE): string {
  if (!iso || DAY_ONLY.test(iso) || MIDNIGHT_UTC.test(iso)) return formatDate(iso, locale);
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** "today", "yesterday", "5 days ago", then the date. */
export function formatRecent(iso: string, now = new Date(), locale = LOCALE): string {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(new Date(iso)) - midnight(now)) / 86_400_000);
  if (days > 0 || days < -6) return formatDate(iso, locale);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
}

/** The last moment of a chosen day in the reader's time zone, as an ISO instant. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
