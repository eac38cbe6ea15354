/** What is drawn, as `feed` in Python lays it out: a head, and a buffer of float64. */

export interface ChartHead {
  name: string;
  axis: string;
  colour: string;
  drawn: number;
  points: number;
  last: string;
}

export interface Head {
  seq: number;
  charts: ChartHead[];
  left_out: number;
}

/** Of chart `index` keep the first `kept` points and append `added` ones. */
type ChartChange = [
  index: number,
  kept: number,
  added: number,
  points: number,
  last: string,
  axis: string
];

export interface Change {
  seq: number;
  charts: ChartChange[];
}

export interface Curve {
  x: Float64Array;
  y: Float64Array;
}

export interface Frame {
  head: Head;
  curves: Curve[];
}

export function readFrame(head: Partial<Head>, points: DataView): Frame {
  const charts = head.charts ?? [];
  const take = reader(points);
  return {
    head: { seq: head.seq ?? -1, charts, left_out: head.left_out ?? 0 },
    curves: charts.map(chart => ({
      x: take(chart.drawn),
      y: take(chart.drawn)
    }))
  };
}

export function writePoints(curves: Curve[]): DataView {
  const parts = curves.flatMap(curve => [curve.x, curve.y]);
  return new DataView(joined(parts).buffer);
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
  const take = reader(buffer);
  for (const [index, kept, added, points, last, axis] of change.charts) {
    const chart = charts[index];
    const curve = curves[index];
    if (!chart || !curve) {
      return null;
    }
    const drawn = kept + added;
    charts[index] = { ...chart, axis, drawn, points, last };
    curves[index] = {
      x: joined([curve.x.subarray(0, kept), take(added)]),
      y: joined([curve.y.subarray(0, kept), take(added)])
    };
  }
  return { head: { ...frame.head, seq: change.seq, charts }, curves };
}

function reader(points: DataView): (count: number) => Float64Array {
  // A message's buffers need not begin at a multiple of 8: copy them out.
  const end = points.byteOffset + points.byteLength;
  const all = new Float64Array(points.buffer.slice(points.byteOffset, end));
  let at = 0;
  return count => all.subarray(at, (at += count));
}

function joined(parts: Float64Array[]): Float64Array {
  const all = new Float64Array(
    parts.reduce((sum, part) => sum + part.length, 0)
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
