import type { Offsets, Curve } from './frame';

export interface CsvCurve {
  name: string;
  curve: Curve;
  offsets: Offsets;
}

/** A line for each point, after RFC 4180: metric, step, time (ISO 8601), value. */
export function csvOf(curves: CsvCurve[]): string {
  const lines = ['metric,step,time,value'];
  for (const { name, curve, offsets } of curves) {
    const [place, step, time, tick] = offsets;
    const field = quoted(name);
    curve.values.forEach((value, i) => {
      const at = new Date(1000 * (time + tick * curve.times[i]!));
      const moment = Number.isNaN(at.getTime()) ? '' : at.toISOString();
      lines.push(
        `${field},${place + step * curve.places[i]!},${moment},${numeral(value)}`
      );
    });
  }
  return lines.join('\r\n') + '\r\n';
}

/** Written in full, and as pandas, R and spreadsheets read it. */
function numeral(value: number): string {
  return Number.isFinite(value)
    ? String(value)
    : Number.isNaN(value)
      ? 'NaN'
      : value > 0
        ? 'inf'
        : '-inf';
}

/** A text that no spreadsheet takes for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
