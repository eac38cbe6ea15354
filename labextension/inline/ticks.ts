/** Round numbers for axes, as `ticks` in Python has them. */

/** The smallest of 1, 2 and 5 times powers of ten that parts the span into at most `most` pieces. */
export function spacing(low: number, high: number, most: number): number {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].find(one => power * one >= rough * (1 - 1e-9)) ?? 10;
  return power * step;
}

/** The multiples of `gap` from `low` to `high`. */
export function ticks(low: number, high: number, gap: number): number[] {
  const first = Math.ceil(low / gap - 1e-9);
  const last = Math.floor(high / gap + 1e-9);
  const count = Math.max(0, last - first + 1);
  return Array.from({ length: count }, (_, index) => (first + index) * gap);
}

/** The range with `share` of its span added on both sides; never an empty one. */
export function widened(
  low: number,
  high: number,
  share: number
): [number, number] {
  const span = high - low;
  if (span <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
    const margin = 0.1 * Math.abs(low) || 0.5;
    return [low - margin, high + margin];
  }
  return [low - share * span, high + share * span];
}
