/** A new element of this package's class; text is only ever set as text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string,
  text = ''
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = `jp-AmlflowLive-${part}`;
  made.textContent = text;
  return made;
}

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
