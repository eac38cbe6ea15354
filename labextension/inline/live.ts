/** The live view of a run: anywidget's entry points. */
import 'uplot/dist/uPlot.min.css';
import './live.css';
import { element } from './element';
import { applied, readFrame, writePoints } from './frame';
import { Grid } from './grid';
import { Header } from './header';
import type { Model } from './model';

/** Changes become part of the model, so that a second view of it begins where the first one is. */
function initialize({ model }: { model: Model }): void {
  model.on('msg:custom', (change, [points]) => {
    const frame = readFrame(model.get('head'), model.get('points'));
    const next = points && applied(frame, change, points);
    if (next) {
      model.set('points', writePoints(next.curves));
      model.set('head', next.head);
    }
  });
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = element('div', 'root');
  const header = new Header();
  const grid = new Grid();
  root.append(header.node, grid.node, grid.more, grid.rest);
  el.append(root);

  const showRun = () => header.show(model.get('run'));
  // ipywidgets tells when the kernel restarts, dies or closes the comm.
  const showLoss = () => header.lose();
  const showFrame = () => {
    const frame = readFrame(model.get('head'), model.get('points'));
    const { charts } = frame.head;
    const points = charts.reduce((sum, chart) => sum + chart.points, 0);
    header.count(charts.length + frame.head.left_out, points);
    grid.show(frame);
  };
  model.on('change:run', showRun);
  model.on('change:head', showFrame);
  model.on('comm_live_update', showLoss);
  showRun();
  showFrame();

  return () => {
    model.off('change:run', showRun);
    model.off('change:head', showFrame);
    model.off('comm_live_update', showLoss);
    header.dispose();
    grid.dispose();
  };
}

export default { initialize, render };
