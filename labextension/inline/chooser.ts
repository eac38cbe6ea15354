/** A list to choose one line from, by mouse or keyboard: anywidget's entry point. */
import './chooser.css';
import { ChooserList } from './chooserList';
import { elementOf, setText } from './element';

/** A line of the list; written by `ChooserWidget` in Python. */
export interface Line {
  label: string;
  detail: string;
}

interface State {
  title: string;
  button: string;
  lines: Line[];
  said: string;
  busy: boolean;
}

interface Model {
  get<K extends keyof State>(name: K): State[K];
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
  send(content: { choose: number }): void;
}

const element = elementOf('Chooser');

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = element('div', 'root');
  // JupyterLab would take the arrow keys and Enter for its own.
  root.dataset['lmSuppressShortcuts'] = 'true';
  const title = element('div', 'title', model.get('title'));
  const bottom = element('div', 'bottom');
  const button = element('button', 'button', model.get('button'));
  const said = element('div', 'said');
  said.setAttribute('role', 'status');
  const list = new ChooserList(model.get('title'), model.get('lines'));
  let gone = false;

  const choose = () => {
    const index = list.chosen;
    if (index !== null && !button.disabled) {
      button.disabled = true; // until the kernel says how it went
      model.send({ choose: index });
    }
  };
  const show = () => {
    button.disabled = gone || model.get('busy') || list.chosen === null;
    setText(
      said,
      gone
        ? 'The kernel is gone: run the cell again.'
        : list.chosen === null
          ? 'No line has all of these words.'
          : model.get('said')
    );
  };
  const lose = () => {
    gone = true;
    show();
  };
  list.choose = choose;
  list.moved = show;
  button.type = 'button';
  button.addEventListener('click', choose);
  bottom.append(button, said);
  root.append(title, list.filter, list.node, bottom);
  el.append(root);

  model.on('change:said', show);
  model.on('change:busy', show);
  model.on('comm_live_update', lose);
  show();
  return () => {
    model.off('change:said', show);
    model.off('change:busy', show);
    model.off('comm_live_update', lose);
  };
}

export default { render };
