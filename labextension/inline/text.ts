/** Wording of durations and numbers, as `quantity` in Python has it. */

export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (!minutes) {
    return `${whole} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours
    ? `${hours} h ${two(minutes % 60)} min`
    : `${minutes} min ${two(whole % 60)} s`;
}

export function valueText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) {
    return signed(value.toLocaleString('en'));
  }
  const size = Math.abs(value);
  const short =
    size >= 1e4 || size < 1e-4
      ? value.toExponential(3).replace(/\.?0*e\+?/, 'e')
      : String(Number(value.toPrecision(4)));
  return signed(short);
}

export function tickText(value: number, spacing: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k']
  ] as const) {
    if (spacing >= size / 10 && Math.abs(value) >= size) {
      return signed(`${Number((value / size).toPrecision(12))}${unit}`);
    }
  }
  if (spacing < 1e-4) {
    return signed(value.toExponential(2).replace(/\.?0*e\+?/, 'e'));
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9));
  return signed(value.toFixed(decimals));
}

function signed(text: string): string {
  return text.replace('-', '\u2212');
}
