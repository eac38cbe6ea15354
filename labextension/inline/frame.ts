/** What is drawn, as `feed` in Python lays it out: a head, and a buffer. */

export type OwnAxis = 'step' | 'seconds' | 'point';
/** Base and unit of the places, then of the times. */
export type Offsets = [number, number, number, number];

/** One curve; those of one section and chart are drawn together. */
export interface CurveHead {
  name: string;
  section: string;
  chart: string;
  label: string;
  colour: string;
  axis: OwnAxis;
  drawn: number;
  points: number;
  last: string;
  offsets: Offsets;
}

export interface Head {
  seq: number;
  charts: CurveHead[];
  left_out: number;
  /** When the first point was logged, in seconds since 1970. */
  began: number;
}

/** Of curve `index` keep the first `kept` points and append `added` ones. */
type CurveChange = [
  index: number,
  kept: number,
  added: number,
  points: number,
  last: string,
  axis: OwnAxis,
  offsets?: Offsets
];

export interface Change {
  seq: number;
  charts: CurveChange[];
}

/** Values (not finite: a gap), and places and times as counts of their offsets' units. */
export interface Curve {
  values: Float64Array;
  places: Uint32Array;
  times: Uint32Array;
}

export interface Frame {
  head: Head;
  curves: Curve[];
}

const EMPTY_HEAD: Head = { seq: -1, charts: [], left_out: 0, began: 0 };
export const EMPTY_FRAME: Frame = { head: EMPTY_HEAD, curves: [] };

export function readFrame(head: Partial<Head>, points: DataView): Frame {
  const whole = { ...EMPTY_HEAD, ...head };
  const drawn = whole.charts.map(chart => chart.drawn);
  return { head: whole, curves: readCurves(drawn, points) };
}

/** Reads curves of as many points as `drawn` says. */
export function readCurves(drawn: number[], points: DataView): Curve[] {
  // A message's buffers need not begin at a multiple of 8: copy them out.
  const end = points.byteOffset + points.byteLength;
  const bytes = points.buffer.slice(points.byteOffset, end);
  let at = 0;
  return drawn.map(n => {
    const from = at;
    at += 16 * n;
    return {
      values: new Float64Array(bytes, from, n),
      places: new Uint32Array(bytes, from + 8 * n, n),
      times: new Uint32Array(bytes, from + 12 * n, n)
    };
  });
}

export function writePoints(curves: Curve[]): DataView {
  const size = curves.reduce((sum, one) => sum + 16 * one.values.length, 0);
  const bytes = new ArrayBuffer(size);
  let at = 0;
  for (const { values, places, times } of curves) {
    const n = values.length;
    new Float64Array(bytes, at, n).set(values);
    new Uint32Array(bytes, at + 8 * n, n).set(places);
    new Uint32Array(bytes, at + 12 * n, n).set(times);
    at += 16 * n;
  }
  return new DataView(bytes);
}

/** The frame after `change`; null where the change belongs to another frame. */
export function applied(
  frame: Frame,
  change: Change,
  buffer: DataView
): Frame | null {
  if (change.seq !== frame.head.seq + 1) {
    return null;
  }
  const charts = [...frame.head.charts];
  const curves = [...frame.curves];
  const fresh = readCurves(
    change.charts.map(([, , added]) => added),
    buffer
  );
  for (const [position, one] of change.charts.entries()) {
    const [index, kept, added, points, last, axis, offsets] = one;
    const chart = charts[index];
    const curve = curves[index];
    const more = fresh[position];
    if (!chart || !curve || !more) {
      return null;
    }
    charts[index] = {
      ...chart,
      axis,
      drawn: kept + added,
      points,
      last,
      offsets: offsets ?? chart.offsets
    };
    curves[index] = continued(curve, kept, more);
  }
  return { head: { ...frame.head, seq: change.seq, charts }, curves };
}

function continued(curve: Curve, kept: number, more: Curve): Curve {
  const count = kept + more.values.length;
  const values = new Float64Array(count);
  const places = new Uint32Array(count);
  const times = new Uint32Array(count);
  values.set(curve.values.subarray(0, kept));
  values.set(more.values, kept);
  places.set(curve.places.subarray(0, kept));
  places.set(more.places, kept);
  times.set(curve.times.subarray(0, kept));
  times.set(more.times, kept);
  return { values, places, times };
}
