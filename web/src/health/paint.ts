import uPlot from "uplot";
import type { Urgency } from "../api/types";
import { type Drawing, type Limits, isJoined, isLow, momentOf, sideOf } from "./drawing";

export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What is drawn beneath the line and over it; everything in device pixels. */
export const painters = (drawing: Drawing): { beneath: (plot: uPlot) => void; above: (plot: uPlot) => void } => ({
  beneath: (plot) =>
    within(plot, () => {
      drawBands(plot, drawing);
      if (drawing.kind === "instant") drawSpread(plot, drawing);
    }),
  above: (plot) =>
    within(plot, () => {
      if (drawing.kind !== "instant") drawBars(plot, drawing);
      if (drawing.usual) drawUsual(plot, drawing.usual);
      if (drawing.range) drawRange(plot, drawing.range);
      drawPoints(plot, drawing);
      nameBands(plot, drawing);
      drawAlarms(plot, drawing);
    }),
});

function within(plot: uPlot, draw: () => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}

const xOf = (plot: uPlot, ms: number): number => plot.valToPos(ms / 1000, "x", true);
const yOf = (plot: uPlot, value: number): number => plot.valToPos(value, "y", true);

/** Top and bottom of a range, an open end at the edge of the picture. */
function edges(plot: uPlot, { low, high }: { low: number | null; high: number | null }): [number, number] {
  const { bbox } = plot;
  const clamp = (y: number): number => Math.min(Math.max(y, bbox.top), bbox.top + bbox.height);
  return [high === null ? bbox.top : clamp(yOf(plot, high)), low === null ? bbox.top + bbox.height : clamp(yOf(plot, low))];
}

const TINT: Record<Urgency, string> = { emergency: "--danger-soft", urgent: "--danger-soft", routine: "--warn-soft", self_care: "--accent-soft" };
const LEAST_LABEL = 15;

/** Guideline ranges: a tint, and a line at the edge. */
function drawBands(plot: uPlot, { bands }: Drawing): void {
  const { ctx, bbox } = plot;
  for (const band of bands) {
    const [top, bottom] = edges(plot, band);
    ctx.fillStyle = colour(TINT[band.urgency]);
    ctx.globalAlpha = 0.55;
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    ctx.globalAlpha = 1;
    line(plot, top, colour("--line"), []);
  }
}

/** The names of the guideline ranges, readable over whatever is drawn. */
function nameBands(plot: uPlot, { bands }: Drawing): void {
  for (const band of bands) {
    const [top, bottom] = edges(plot, band);
    if (bottom - top >= LEAST_LABEL * devicePixelRatio) label(plot, band.label, top + 11 * devicePixelRatio);
  }
}

/** The usual range: dotted lines. */
function drawUsual(plot: uPlot, usual: Limits): void {
  for (const end of [usual.low, usual.high]) if (end !== null) line(plot, yOf(plot, end), colour("--muted"), [2, 4]);
}

/** A range of one's own: dashed lines. */
function drawRange(plot: uPlot, range: Limits): void {
  for (const end of [range.low, range.high]) if (end !== null) line(plot, yOf(plot, end), colour("--accent"), [7, 5]);
}

function line({ ctx, bbox }: uPlot, y: number, stroke: string, dash: number[]): void {
  ctx.save();
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.strokeStyle = stroke;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function label({ ctx, bbox }: uPlot, words: string, y: number): void {
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = colour("--surface");
  ctx.fillStyle = colour("--ink");
  const x = bbox.left + 6 * devicePixelRatio;
  ctx.strokeText(words, x, y);
  ctx.fillText(words, x, y);
}

/** From the least to the most of what a point sums up. */
function drawSpread(plot: uPlot, { points }: Drawing): void {
  const { ctx } = plot;
  ctx.fillStyle = colour("--accent");
  ctx.globalAlpha = 0.22;
  for (const point of points) {
    if (!isJoined(point)) continue;
    const [from, to] = span(plot, point);
    const top = yOf(plot, point.most);
    ctx.fillRect(from, top, to - from, Math.max(yOf(plot, point.least) - top, devicePixelRatio));
  }
  ctx.globalAlpha = 1;
}

const THINNEST = 3;

function span(plot: uPlot, { at, until }: { at: string; until: string | null }, share = 1): [number, number] {
  const [from, to] = [xOf(plot, Date.parse(at)), xOf(plot, Date.parse(until ?? at))];
  const width = Math.max((to - from) * share, THINNEST * devicePixelRatio);
  return [(from + to - width) / 2, (from + to + width) / 2];
}

/** One bar for each interval; of low quality, only its outline. */
function drawBars(plot: uPlot, { points }: Drawing): void {
  const { ctx } = plot;
  const ground = yOf(plot, 0);
  ctx.fillStyle = colour("--accent");
  ctx.strokeStyle = colour("--accent");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const point of points) {
    const [from, to] = span(plot, point, 0.78);
    const top = yOf(plot, point.value);
    if (isLow(point)) ctx.strokeRect(from, top, to - from, ground - top);
    else ctx.fillRect(from, top, to - from, ground - top);
  }
}

/** Closer together than this (CSS pixels) points are a line; single ones would only be noise. */
const DENSE = 9;

/** Values as dots, those outside the range as diamonds, those of low quality hollow. */
function drawPoints(plot: uPlot, { points, kind, range }: Drawing): void {
  if (kind !== "instant") return;
  const { ctx } = plot;
  const dense = points.length * DENSE * devicePixelRatio > plot.bbox.width;
  for (const point of points) {
    const out = ["low", "high"].includes(sideOf(point.value, range));
    if (dense && !out && !isLow(point)) continue;
    const [x, y] = [xOf(plot, momentOf(point)), yOf(plot, point.value)];
    ctx.beginPath();
    if (out) diamond(ctx, x, y, 6 * devicePixelRatio);
    else ctx.arc(x, y, 3.5 * devicePixelRatio, 0, Math.PI * 2);
    const ink = colour(out ? "--danger" : "--accent");
    ctx.fillStyle = isLow(point) ? colour("--surface") : ink;
    ctx.strokeStyle = ink;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.fill();
    ctx.stroke();
  }
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
}

export const ALARM_TOP = 12;

/** A triangle at the upper edge with a line down, for each alarm. */
function drawAlarms(plot: uPlot, { alarms }: Drawing): void {
  const { ctx, bbox } = plot;
  for (const { at, urgency } of alarms) {
    const x = xOf(plot, Date.parse(at));
    const ink = colour(urgency === "emergency" || urgency === "urgent" ? "--danger" : "--warn");
    ctx.strokeStyle = ink;
    ctx.fillStyle = ink;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
    const size = 6 * devicePixelRatio;
    const y = bbox.top + ALARM_TOP * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.lineTo(x - size, y + size);
    ctx.closePath();
    ctx.fill();
  }
}
