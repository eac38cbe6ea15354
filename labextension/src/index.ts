import { interruptPlugin } from './plugins/interrupt.js';
import { palettePlugin } from './plugins/palette.js';
import { runTabsPlugin } from './plugins/runTabs.js';
import { runsPlugin } from './plugins/runs.js';
import { sidebarPlugin } from './plugins/sidebar.js';

export { CommandIDs } from './commands.js';
export { IRunsModel, type RunsView } from './tokens.js';

export default [
  runsPlugin,
  sidebarPlugin,
  runTabsPlugin,
  palettePlugin,
  interruptPlugin
];
