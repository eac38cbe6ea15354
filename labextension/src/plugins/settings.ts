import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The plugin that `schema/plugin.json` belongs to. */
export const SETTINGS_ID = 'amlflow:plugin';

/** The settings as `schema/plugin.json` describes them. */
export interface AmlflowSettings {
  /** Seconds. */
  refreshInterval: number;
  openOnStart: boolean;
}

export async function loadSettings(
  registry: ISettingRegistry
): Promise<ISettingRegistry.ISettings> {
  return registry.load(SETTINGS_ID);
}

export function readSettings(
  settings: ISettingRegistry.ISettings
): AmlflowSettings {
  const { refreshInterval, openOnStart } =
    settings.composite as Partial<AmlflowSettings>;
  return {
    refreshInterval: refreshInterval ?? 3,
    openOnStart: openOnStart ?? false
  };
}
