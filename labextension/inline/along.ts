import type { Axis } from './axis';
import type { Tick } from './scale';
import { tickText, valueText } from './text';
import { clockText, clockTicks, durationTicks } from './timeticks';
import { spacing, ticks } from './ticks';
import { durationText } from './text';

const WIDE = 46;

/** Ticks of a horizontal axis that is `width` pixels long. */
export function ticksAlong(
  axis: Axis,
  low: number,
  high: number,
  width: number
): Tick[] {
  const most = Math.max(2, Math.min(7, Math.floor(width / WIDE)));
  if (axis === 'wall') {
    return clockTicks(low, high, Math.min(4, most));
  }
  if (axis === 'relative' || axis === 'seconds') {
    return durationTicks(low, high, Math.min(5, most));
  }
  const gap = Math.max(1, spacing(low, high, most));
  return ticks(low, high, gap).map(at => ({ at, text: tickText(at, gap) }));
}

/** A place on an axis, as text. */
export function placeText(axis: Axis, x: number): string {
  if (axis === 'wall') {
    return clockText(x, 1);
  }
  if (axis === 'relative' || axis === 'seconds') {
    return x < 60 ? `${x.toFixed(x < 10 ? 1 : 0)} s` : durationText(x);
  }
  return valueText(x);
}
