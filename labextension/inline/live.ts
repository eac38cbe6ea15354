/** The live view of a run: anywidget's entry points. */
import 'uplot/dist/uPlot.min.css';
import './live.css';
import { beginOf } from './clock';
import { choiceStore } from './choices';
import { element, setText } from './element';
import { applied, readFrame, writePoints, type Change } from './frame';
import { Grid } from './grid';
import { Header } from './header';
import { Kernel } from './kernel';
import type { Model } from './model';
import { Progress, stepsDone } from './progress';
import { Stage } from './stage';
import { Stop } from './stop';
import { Toolbar } from './toolbar';
import { words } from './words';

/** Changes become part of the model, so that a second view of it begins where the first one is. */
function initialize({ model }: { model: Model }): void {
  model.on('msg:custom', (change, [points]) => {
    if (!points || !('seq' in change)) {
      return;
    }
    const frame = readFrame(model.get('head'), model.get('points'));
    const next = applied(frame, change as Change, points);
    if (next) {
      model.set('points', writePoints(next.curves));
      model.set('head', next.head);
    }
  });
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const spoken = words();
  const store = choiceStore();
  const stage = new Stage();
  const kernel = new Kernel(model);
  const note = element('div', 'rest');
  note.setAttribute('role', 'status');
  const tell = (text: string) => setText(note, text);
  const header = new Header(spoken);
  const stop = new Stop(spoken, kernel);
  const progress = new Progress(spoken);
  const toolbar = new Toolbar(spoken, store, stage);
  const grid = new Grid({ stage, kernel, words: spoken, tell }, store);
  const root = element('div', 'root');
  // The notebook's shortcuts are not for keys that are pressed in here.
  root.setAttribute('data-lm-suppress-shortcuts', 'true');
  header.place(stop.node);
  root.append(header.node, progress.node, toolbar.node, note, grid.node);
  el.append(root);
  stage.zoomed.add(() => tell(''));

  let frame = readFrame({}, new DataView(new ArrayBuffer(0)));
  const showProgress = () => {
    const run = model.get('run');
    const seconds = (performance.now() - beginOf(run)) / 1000;
    const total = run.running ? (run.total ?? null) : null;
    progress.show(stepsDone(frame), total, seconds);
  };
  const showRun = () => {
    const run = model.get('run');
    header.show(run);
    stop.show(run.running ?? false);
    showProgress();
  };
  // ipywidgets tells when the kernel restarts, dies or closes the comm.
  const showLoss = () => {
    header.lose();
    stop.show(false);
  };
  const showFrame = () => {
    frame = readFrame(model.get('head'), model.get('points'));
    const { charts, left_out } = frame.head;
    const points = charts.reduce((sum, chart) => sum + chart.points, 0);
    header.count(charts.length + left_out, points);
    toolbar.show(frame.head);
    showProgress();
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
    kernel.dispose();
    header.dispose();
    toolbar.dispose();
    grid.dispose();
  };
}

export default { initialize, render };
