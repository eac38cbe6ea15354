export interface Inks {
  title: string;
  text: string;
  line: string;
  font: string;
  background: string;
}

/** The colours that canvases need as values; style sheets follow the theme by themselves. */
export function inksOf(element: HTMLElement): Inks {
  const style = getComputedStyle(element);
  return {
    title: style.getPropertyValue('--amlflow-ink').trim(),
    text: style.getPropertyValue('--amlflow-quiet').trim(),
    line: style.getPropertyValue('--amlflow-line').trim(),
    font: `11px ${style.fontFamily}`,
    background: style.getPropertyValue('--amlflow-ground').trim()
  };
}

/** Calls `listener` whenever JupyterLab, VS Code or the system changes its theme. */
export function onThemeChange(listener: () => void): () => void {
  // The attributes change before the theme's style sheet is there.
  const later = () => [0, 150, 600].forEach(ms => setTimeout(listener, ms));
  const observer = new MutationObserver(later);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: [
      'data-jp-theme-light',
      'data-jp-theme-name',
      'data-vscode-theme-kind',
      'data-vscode-theme-id'
    ]
  });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', later);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', later);
  };
}
