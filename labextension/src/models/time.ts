const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE]
];

/** A length of time in at most two units: `42 ms`, `3 min 5 s`, `2 h 14 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.9995) {
    return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    return pair(whole, MINUTE, 'min', 1, 's');
  }
  return whole < DAY
    ? pair(whole, HOUR, 'h', MINUTE, 'min')
    : pair(whole, DAY, 'd', HOUR, 'h');
}

function pair(
  seconds: number,
  unit: number,
  name: string,
  smaller: number,
  smallerName: string
): string {
  const rest = Math.floor((seconds % unit) / smaller);
  const head = `${Math.floor(seconds / unit)} ${name}`;
  return rest ? `${head} ${rest} ${smallerName}` : head;
}

/**
 * How long a run took, or has been running.
 *
 * A clock that runs behind the store's makes no negative time. Null without a start.
 */
export function runSeconds(
  run: { start: string | null; duration: number | null; status: string },
  now: number
): number | null {
  if (run.duration !== null) {
    return run.duration;
  }
  if (run.start === null || run.status !== 'RUNNING') {
    return null;
  }
  return Math.max(0, (now - Date.parse(run.start)) / 1000);
}

/** `now`, `5 min. ago`, `2 days ago`, in the language of the page. */
export function formatRelative(
  moment: string,
  now: number,
  language = 'en'
): string {
  const format = new Intl.RelativeTimeFormat(language, {
    numeric: 'auto',
    style: 'narrow'
  });
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) {
      return format.format(-Math.floor(seconds / length), unit);
    }
  }
  return seconds < 5
    ? format.format(0, 'second')
    : format.format(-Math.floor(seconds), 'second');
}

/** Date and time to the second, in the reader's time zone. */
export function formatMoment(moment: string, language = 'en'): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium'
  }).format(new Date(moment));
}
