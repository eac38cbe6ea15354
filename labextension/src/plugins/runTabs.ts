import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../commands.js';
import { RunModel } from '../models/run.js';
import { IRunsModel } from '../tokens.js';
import { RunTab } from '../widgets/runTab.js';

type Tab = MainAreaWidget<RunTab>;

/** Opens runs in tabs, one a run, and brings them back when the page is reloaded. */
export const runTabsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'amlflow:run-tabs',
  description: 'Opens runs in tabs of the main area.',
  autoStart: true,
  requires: [IRunsModel],
  optional: [ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    runs: IRunsModel,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('amlflow');
    const tracker = new WidgetTracker<Tab>({ namespace: 'amlflow-runs' });
    tracker.currentChanged.connect((_, tab) => {
      runs.opened = tab ? identity(tab) : null;
    });
    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open run'),
      describedBy: { args: ARGUMENTS },
      execute: async args => {
        const wanted = parse(args);
        let tab = tracker.find(each => isFor(each, wanted));
        if (!tab) {
          tab = createTab(wanted, runs, trans);
          await tracker.add(tab);
          app.shell.add(tab, 'main');
        }
        app.shell.activateById(tab.id);
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openRun,
      args: tab => ({ ...identity(tab), name: tab.title.label }),
      name: tab => tab.id
    });
  }
};

const ARGUMENTS = {
  type: 'object',
  required: ['connection', 'run'],
  properties: {
    connection: { type: 'string', description: "The connection's name" },
    run: { type: 'string', description: "The run's id" },
    name: { type: 'string', description: "The run's name, if it is known" }
  }
} as const;

interface Wanted {
  connection: string;
  run: string;
  name: string;
}

function parse(args: ReadonlyPartialJSONObject): Wanted {
  const { connection, run, name } = args;
  if (typeof connection !== 'string' || typeof run !== 'string') {
    throw new Error(
      `${CommandIDs.openRun} needs the arguments "connection" and "run".`
    );
  }
  return { connection, run, name: typeof name === 'string' ? name : '' };
}

function createTab(
  wanted: Wanted,
  runs: IRunsModel,
  trans: ReturnType<ITranslator['load']>
): Tab {
  const model = new RunModel({
    api: runs.api,
    connection: wanted.connection,
    id: wanted.run,
    interval: runs.interval
  });
  const content = new RunTab({ model, name: wanted.name, trans });
  const tab = new MainAreaWidget({ content });
  tab.id = `amlflow-run-${wanted.connection}-${wanted.run}`;
  tab.title.closable = true;
  tab.toolbar.hide();
  return tab;
}

function identity(tab: Tab): { connection: string; run: string } {
  const { connection, id } = tab.content.model;
  return { connection, run: id };
}

function isFor(tab: Tab, wanted: Wanted): boolean {
  const { connection, run } = identity(tab);
  return connection === wanted.connection && run === wanted.run;
}
