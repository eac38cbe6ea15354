/** The language JupyterLab shows itself in, for dates and numbers. */
export function language(): string {
  return document.documentElement.lang || 'en';
}
