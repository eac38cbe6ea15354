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

/** Whether a web address is one of Azure ML's studio, of any of Azure's clouds. */
export function isStudioPage(address: string): boolean {
  const { hostname } = new URL(address);
  return /^(ml\.azure\.(com|us)|studio\.ml\.azure\.cn)$/.test(hostname);
}
