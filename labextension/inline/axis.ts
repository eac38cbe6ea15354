import type { CurveHead, Curve, OwnAxis } from './frame';

/** What the user lets the horizontal axis show. */
export type AxisChoice = 'step' | 'relative' | 'wall';
/** What it shows: steps; where they say nothing, the time or a count. */
export type Axis = OwnAxis | 'relative' | 'wall';

/** Points from left to right. */
export interface Line {
  x: Float64Array;
  y: Float64Array;
}

/** The axis of a chart with these curves: the choice, or what all of them have. */
export function axisOf(heads: CurveHead[], choice: AxisChoice): Axis {
  if (choice !== 'step') {
    return choice;
  }
  const own = new Set(heads.map(head => head.axis));
  return own.size === 1 ? [...own][0]! : 'seconds';
}

/** A curve's points on an axis; times count from `began`, or are seconds since 1970. */
export function lineOn(
  axis: Axis,
  head: Pick<CurveHead, 'offsets'>,
  curve: Curve,
  began: number
): Line {
  const [place, step, time, tick] = head.offsets;
  if (axis === 'step' || axis === 'point') {
    return sorted(spread(curve.places, place, step), curve.values);
  }
  const start = axis === 'wall' ? time : time - began;
  return sorted(spread(curve.times, start, tick), curve.values);
}

/** What the kernel calls the axis, and where `x` lies on it. */
export function kernelAxis(axis: Axis): 'place' | 'time' {
  return axis === 'step' || axis === 'point' ? 'place' : 'time';
}

export function kernelPlace(axis: Axis, x: number, began: number): number {
  return axis === 'seconds' || axis === 'relative' ? x + began : x;
}

/** `line` with the part that a finer one covers replaced by it; what came later stays. */
export function refined(line: Line, fine: Line): Line {
  const from = fine.x[0];
  const to = fine.x[fine.x.length - 1];
  if (from === undefined || to === undefined) {
    return line;
  }
  const before = firstFrom(line.x, from);
  const after = firstAfter(line.x, to);
  return {
    x: concat(line.x.subarray(0, before), fine.x, line.x.subarray(after)),
    y: concat(line.y.subarray(0, before), fine.y, line.y.subarray(after))
  };
}

/** The index of the point that is nearest to `x` and has a value; -1 where none has. */
export function nearest(line: Line, x: number): number {
  const at = firstFrom(line.x, x);
  let best = -1;
  let left = at - 1;
  let right = at;
  while (left >= 0 && !Number.isFinite(line.y[left])) {
    left--;
  }
  while (right < line.x.length && !Number.isFinite(line.y[right])) {
    right++;
  }
  if (left >= 0) {
    best = left;
  }
  if (
    right < line.x.length &&
    (best < 0 || line.x[right]! - x < x - line.x[best]!)
  ) {
    best = right;
  }
  return best;
}

/** The index of the first of increasing numbers that is at least `x`. */
export function firstFrom(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function firstAfter(xs: Float64Array, x: number): number {
  let at = firstFrom(xs, x);
  while (at < xs.length && xs[at]! <= x) {
    at++;
  }
  return at;
}

// A loop: `from` with a function takes ten times as long, and this runs at every refresh.
function spread(counts: Uint32Array, base: number, unit: number): Float64Array {
  const places = new Float64Array(counts.length);
  for (let i = 0; i < places.length; i++) {
    places[i] = base + unit * counts[i]!;
  }
  return places;
}

function sorted(x: Float64Array, y: Float64Array): Line {
  for (let i = 1; i < x.length; i++) {
    if (x[i]! < x[i - 1]!) {
      const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]!);
      return {
        x: Float64Array.from(order, i => x[i]!),
        y: Float64Array.from(order, i => y[i]!)
      };
    }
  }
  return { x, y };
}

function concat(...parts: Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
