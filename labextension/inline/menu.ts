import { button, element } from './element';

/** A small menu that opens beside its button, without taking the page. */
export class Menu {
  readonly node = element('div', 'menu');

  constructor(
    label: string,
    entries: [text: string, name: string, act: () => void][]
  ) {
    this.opener.setAttribute('aria-label', label);
    this.opener.setAttribute('aria-expanded', 'false');
    this.opener.title = label;
    this.list.hidden = true;
    this.list.append(
      ...entries.map(([text, name, act]) => {
        const entry = button('entry', text, () => {
          this.open(false);
          act();
        });
        entry.setAttribute('aria-label', name);
        return entry;
      })
    );
    this.node.append(this.opener, this.list);
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !this.list.hidden) {
        event.stopPropagation();
        this.open(false);
        this.opener.focus();
      }
    });
    this.node.addEventListener('focusout', event => {
      if (!this.node.contains(event.relatedTarget as Node | null)) {
        this.open(false);
      }
    });
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.opener.setAttribute('aria-expanded', String(open));
    if (open) {
      (this.list.firstElementChild as HTMLElement | null)?.focus();
    }
  }

  private readonly opener = button('opener', '⋯', () =>
    this.open(this.list.hidden)
  );
  private readonly list = element('div', 'entries');
}
