/** The address if a browser may follow it: a server could also send `javascript:`. */
export function webAddress(address: string | null): string | null {
  if (address === null) {
    return null;
  }
  try {
    const url = new URL(address);
    return ['http:', 'https:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
