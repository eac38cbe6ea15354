import { LabIcon } from '@jupyterlab/ui-components';

import failed from '../style/icons/failed.svg';
import finished from '../style/icons/finished.svg';
import killed from '../style/icons/killed.svg';
import logo from '../style/icons/logo.svg';
import running from '../style/icons/running.svg';
import scheduled from '../style/icons/scheduled.svg';

export const logoIcon = new LabIcon({ name: 'amlflow:logo', svgstr: logo });

/** One shape a state: colour alone does not tell them apart. */
export const statusIcons = {
  RUNNING: new LabIcon({ name: 'amlflow:running', svgstr: running }),
  FINISHED: new LabIcon({ name: 'amlflow:finished', svgstr: finished }),
  FAILED: new LabIcon({ name: 'amlflow:failed', svgstr: failed }),
  KILLED: new LabIcon({ name: 'amlflow:killed', svgstr: killed }),
  SCHEDULED: new LabIcon({ name: 'amlflow:scheduled', svgstr: scheduled })
} as const;
