import { spacing } from './ticks';
import { tickText } from './text';
import type { Tick } from './scale';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const GAPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
  ...[1, 2, 3, 6, 12].map(n => n * HOUR)
];

/** Ticks of a duration in seconds: `30 s`, `1:30`, `2:00:00`. */
export function durationTicks(low: number, high: number, most: number): Tick[] {
  const gap = gapFor(high - low, most);
  return multiples(low, high, gap, 0).map(at => ({
    at,
    text: durationTickText(at, gap, high)
  }));
}

/** Ticks of moments in seconds since 1970, round in the time zone of whoever looks. */
export function clockTicks(low: number, high: number, most: number): Tick[] {
  const gap = gapFor(high - low, most);
  const zone = -MINUTE * new Date(1000 * low).getTimezoneOffset();
  return multiples(low, high, gap, zone).map(at => ({
    at,
    text: clockText(at, gap)
  }));
}

/** A moment, with as much as `gap` needs. */
export function clockText(seconds: number, gap: number): string {
  const date = new Date(1000 * seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (gap >= DAY) {
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  }
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (gap >= MINUTE) {
    return clock;
  }
  const whole = `${clock}:${two(date.getSeconds())}`;
  const part = ((seconds % 1) + 1) % 1;
  return gap >= 1 ? whole : `${whole}${part.toFixed(2).slice(1)}`;
}

/** A duration on an axis that ends at `high`. */
export function durationTickText(
  seconds: number,
  gap: number,
  high: number
): string {
  if (Math.max(Math.abs(high), Math.abs(seconds)) < 2 * MINUTE || gap < 1) {
    return `${tickText(seconds, gap)} s`;
  }
  const size = Math.round(Math.abs(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(size / MINUTE);
  const sign = seconds < 0 && size ? '\u2212' : '';
  return high < HOUR
    ? `${sign}${minutes}:${two(size % MINUTE)}`
    : `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(size % MINUTE)}`;
}

function gapFor(span: number, most: number): number {
  const rough = span / most;
  if (rough < 1) {
    return spacing(0, span, most);
  }
  return (
    GAPS.find(gap => gap >= rough) ??
    Math.max(DAY, DAY * spacing(0, span / DAY, most))
  );
}

function multiples(
  low: number,
  high: number,
  gap: number,
  zone: number
): number[] {
  const first = Math.ceil((low + zone) / gap - 1e-9);
  const last = Math.floor((high + zone) / gap + 1e-9);
  const count = Math.max(0, last - first + 1);
  return Array.from(
    { length: count },
    (_, index) => (first + index) * gap - zone
  );
}
