import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';

// What a live view sends from its place in the page when its kernel does not answer it.
const STOP_EVENT = 'amlflow:interrupt';

/** A notebook, or a console. */
interface Owner {
  context?: { sessionContext?: ISessionContext };
  sessionContext?: ISessionContext;
}

/** Interrupts the kernel of the notebook that a live view stands in, when its user stops a run. */
export const interruptPlugin: JupyterFrontEndPlugin<void> = {
  id: 'amlflow:interrupt',
  description: 'Lets the live view of a run interrupt its kernel.',
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    document.addEventListener(STOP_EVENT, event => {
      for (const widget of app.shell.widgets('main')) {
        const owner = widget as Owner;
        const context = owner.context?.sessionContext ?? owner.sessionContext;
        const kernel = context?.session?.kernel;
        if (kernel && widget.node.contains(event.target as Node | null)) {
          event.preventDefault();
          void kernel.interrupt();
        }
      }
    });
  }
};
