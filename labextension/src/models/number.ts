import type { Metric } from '../records.js';

const DIGITS = 4;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A metric's value in a few digits; the store's own text where there is no number. */
export function formatMetric(metric: Metric): string {
  return metric.value === null
    ? metric.text
    : String(Number(metric.value.toPrecision(DIGITS)));
}

/** A file's size in decimal units: `12 B`, `3.4 MB`. */
export function formatSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const text = unit === 0 || size >= 99.95 ? size.toFixed(0) : size.toFixed(1);
  return `${text} ${BYTE_UNITS[unit]}`;
}
