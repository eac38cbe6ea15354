/** The commands other code, menus and shortcuts may use. */
export const CommandIDs = {
  /** Show the panel. */
  showPanel: 'amlflow:show-panel',
  /** Look at the store now. */
  refresh: 'amlflow:refresh',
  /** Open a run in a tab; arguments `connection`, `run` and, optionally, `name`. */
  openRun: 'amlflow:open-run'
} as const;
