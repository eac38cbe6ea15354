import { tickText } from './text';
import { spacing, ticks, widened } from './ticks';

const MOST_UP = 5;
const MARGIN = 0.05;
/** Below this many decades, a logarithmic axis has ticks at 2 and 5 as well. */
const FEW_DECADES = 3;

export interface Tick {
  at: number;
  text: string;
}

/** How values become heights: as they are, or by their logarithm. */
export interface Scale {
  up: (value: number) => number;
  range: (low: number, high: number) => [number, number];
  ticks: (low: number, high: number) => Tick[];
}

export const linear: Scale = {
  up: value => value,
  range: (low, high) => widened(low, high, MARGIN),
  ticks: (low, high) => {
    const gap = spacing(low, high, MOST_UP);
    return ticks(low, high, gap).map(at => ({ at, text: tickText(at, gap) }));
  }
};

/** What is not positive has no logarithm: a gap. */
export const logarithmic: Scale = {
  up: value => (value > 0 ? Math.log10(value) : NaN),
  range: (low, high) => widened(low, high, MARGIN),
  ticks: (low, high) => {
    const decades = high - low;
    if (decades < 0.7) {
      return valueTicks(low, high);
    }
    const every = Math.max(1, Math.ceil(decades / MOST_UP));
    const within = decades < FEW_DECADES ? [1, 2, 5] : [1];
    const found: Tick[] = [];
    for (let e = Math.floor(low); e <= Math.ceil(high); e++) {
      for (const factor of e % every === 0 ? within : []) {
        const at = e + Math.log10(factor);
        if (at >= low - 1e-9 && at <= high + 1e-9) {
          found.push({ at, text: powerText(factor, e) });
        }
      }
    }
    return found;
  }
};

/** Less than a decade: round values, wherever they come to lie. */
function valueTicks(low: number, high: number): Tick[] {
  const [from, to] = [10 ** low, 10 ** high];
  if (!(to > from)) {
    return [];
  }
  const gap = spacing(from, to, MOST_UP);
  return ticks(from, to, gap)
    .filter(value => value > 0)
    .map(value => ({ at: Math.log10(value), text: tickText(value, gap) }));
}

function powerText(factor: number, exponent: number): string {
  return exponent >= -3 && exponent < 4
    ? tickText(factor * 10 ** exponent, 10 ** exponent)
    : `${factor}e${exponent}`.replace('-', '\u2212');
}
