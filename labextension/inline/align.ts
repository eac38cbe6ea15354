import type { Line } from './axis';

/** Data as uPlot takes it: null is a gap, undefined a place where another curve has a point. */
export type Aligned = [number[], ...(number | null | undefined)[][]];

/** Several lines over one x axis. Lines that share their x, as most do, are only copied. */
export function aligned(lines: Line[]): Aligned {
  const [first, ...others] = lines;
  if (!first) {
    return [[]];
  }
  if (others.every(line => same(line.x, first.x))) {
    return [Array.from(first.x), ...lines.map(line => gapped(line.y))];
  }
  const xs = merged(lines.map(line => line.x));
  return [xs, ...lines.map(line => placed(line, xs))];
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((x, i) => x === b[i]));
}

/** All x, each as often as the curve has it that has it most often. */
function merged(all: Float64Array[]): number[] {
  const heads = all.map(() => 0);
  const xs: number[] = [];
  for (;;) {
    let least = Infinity;
    all.forEach((x, k) => {
      least = Math.min(least, x[heads[k]!] ?? Infinity);
    });
    if (least === Infinity) {
      return xs;
    }
    xs.push(least);
    all.forEach((x, k) => {
      if (x[heads[k]!] === least) {
        heads[k]!++;
      }
    });
  }
}

function placed(line: Line, xs: number[]): (number | null | undefined)[] {
  let at = 0;
  return xs.map(x => {
    if (line.x[at] !== x) {
      return undefined;
    }
    const y = line.y[at++]!;
    return Number.isFinite(y) ? y : null;
  });
}

function gapped(y: Float64Array): (number | null)[] {
  const values = new Array<number | null>(y.length);
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    values[i] = Number.isFinite(value) ? value : null;
  }
  return values;
}
