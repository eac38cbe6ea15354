/** Makes elements of a view's classes; text is only ever set as text. */
export function elementOf(view: string) {
  return <K extends keyof HTMLElementTagNameMap>(
    tag: K,
    part: string,
    text = ''
  ): HTMLElementTagNameMap[K] => {
    const made = document.createElement(tag);
    made.className = `jp-Amlflow${view}-${part}`;
    made.textContent = text;
    return made;
  };
}

/** A new element of the live view. */
export const element = elementOf('Live');

/** Sets text only where it changed: an unchanged text is not laid out again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** A button that does something at once. */
export function button(
  part: string,
  text: string,
  act: () => void
): HTMLButtonElement {
  const made = element('button', part, text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}
