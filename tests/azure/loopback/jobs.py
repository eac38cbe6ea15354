"""Jobs: a snapshot's files run as a process, through the states of a job on Azure.

A job waits for a node of its cluster, is prepared, runs, and ends completed, failed or canceled.
What it prints is an artifact of its run while it runs, what it writes to ``outputs`` and ``logs``
afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
from weakref import WeakKeyDictionary

from loopback import clock, compute_states, runs, snapshots
from loopback.artifacts import Place
from loopback.calls import Call
from loopback.emulator import Emulator
from loopback.errors import AzureError
from loopback.job_process import LOG, JobProcess, ended, kill
from loopback.state import Document

PATH = f"user_logs/{LOG}"
# Seconds between two looks at a queue or a log.
PAUSE = 0.3
_TASKS: WeakKeyDictionary[Emulator, dict[str, asyncio.Task[None]]] = WeakKeyDictionary()


def begin(call: Call, run: str, experiment: Document, document: Document) -> None:
    """Run a job from now on.

    Parameters
    ----------
    call
        The request that submitted it.
    run
        Its run id.
    experiment
        The server's experiment of its run.
    document
        What was submitted: ``configuration``, ``snapshot`` and ``target``.
    """
    own = Call(call.emulator, call.request, {**call.parameters, "run": run}, call.claims)
    kept = {"run": run, "target": document["target"], "started": False, "ended": None}
    own.documents("jobs").put(run, kept)
    job = Job(own, experiment, document)
    running = _TASKS.setdefault(call.emulator, {})
    running[run] = asyncio.get_running_loop().create_task(job.run())
    running[run].add_done_callback(lambda _: running.pop(run, None))


def cancel(call: Call, run: str) -> bool:
    """Cancel a job that goes on; say whether there is one."""
    task = _TASKS.get(call.emulator, {}).get(run)
    if task is not None and not task.cancelling():
        task.cancel()
    return task is not None


def recover(emulator: Emulator) -> None:
    """Fail the jobs that were cut off when the emulator was killed."""
    for workspace in emulator.workspaces():
        kept = emulator.state.documents("jobs", workspace.arm_id)
        shown = emulator.state.documents("runs", workspace.arm_id)
        for job in (job for job in kept.all() if not job["ended"]):
            kept.put(job["run"], {**job, "ended": clock.now()})
            run = shown.get(job["run"]) or {"properties": {}}
            details = _details("The compute node was lost.")
            shown.put(job["run"], {**run, "status": "Failed", "error": details})


async def end(emulator: Emulator) -> None:
    """Cancel all jobs that go on, and return when they ended."""
    tasks = list(_TASKS.get(emulator, {}).values())
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def logs(call: Call) -> dict[str, str]:
    """Return the addresses of the logs of a run's job, by their paths."""
    place = Place(call)
    return {
        each["path"]: place.blobs.url(place.store, each["artifactId"])
        for each in place.all("user_logs/")
    }


class Job:
    """One job from queue to end."""

    def __init__(self, call: Call, experiment: Document, document: Document) -> None:
        self._call = call
        self._experiment = experiment
        self._document = document
        self._name = call["run"]
        self._process = JobProcess(call, self._name, document["configuration"])
        self._sent = b""

    async def run(self) -> None:
        """Go through all states; being cancelled is the job's cancellation."""
        try:
            await self._wait_for_node()
            await self._prepare()
            code = await self._execute()
            await self._finish(code)
        except asyncio.CancelledError:
            await self._send_log()
            await runs.set_state(self._call, self._name, "Canceled")
        except Exception as error:  # whatever it is, the run must show it
            await self._fail(f"The job could not be run: {error}")
        finally:
            self._keep(ended=clock.now())

    async def _wait_for_node(self) -> None:
        target = self._document["target"]
        while not self._is_free():
            await asyncio.sleep(PAUSE)
            if not compute_states.exists(self._call.emulator, self._call.workspace, target):
                raise AzureError(400, "UserError", f"The compute target '{target}' was deleted.")
        self._keep(started=True)

    def _is_free(self) -> bool:
        jobs = self._call.documents("jobs").all()
        target = self._document["target"].lower()
        busy = sum(
            each["started"] and not each["ended"] and each["target"].lower() == target
            for each in jobs
        )
        return busy < compute_states.room(self._call.emulator, self._call.workspace, target)

    async def _prepare(self) -> None:
        await runs.set_state(self._call, self._name, "Preparing")
        async for path, content in snapshots.contents(self._call, self._document["snapshot"]):
            self._process.unpack(path, content)

    async def _execute(self) -> int:
        process = await self._process.start(self._experiment)
        try:
            await runs.set_state(self._call, self._name, "Running")
            waiting = asyncio.create_task(process.wait())
            while not (await asyncio.wait({waiting}, timeout=PAUSE))[0]:
                await self._send_log()
            return waiting.result()
        except BaseException:
            await asyncio.shield(self._stop(process))
            raise
        finally:
            kill(process.pid)  # what it left behind

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        await runs.set_state(self._call, self._name, "CancelRequested")
        await ended(process)

    async def _finish(self, code: int) -> None:
        await runs.set_state(self._call, self._name, "Finalizing")
        await self._send_log()
        place = Place(self._call)
        for path, file in self._process.written():
            with contextlib.suppress(AzureError):  # the script itself uploaded it
                artifact = place.add(path)
                await place.blobs.put(place.store, artifact["artifactId"], file.read_bytes())
        if code == 0:
            await runs.set_state(self._call, self._name, "Completed")
            return
        last = self._sent.decode(errors="replace").strip().splitlines()[-1:] or [""]
        await self._fail(
            f"Execution failed. User process '{self._document['configuration'].get('script')}' "
            f"exited with status code {code}. Please check log file '{PATH}' for error details. "
            f"Error: {last[0]}",
        )

    async def _fail(self, message: str) -> None:
        await self._send_log()
        await runs.patch(self._call, self._name, {"error": _details(message)})
        await runs.set_state(self._call, self._name, "Failed")

    async def _send_log(self) -> None:
        """Write the log's artifact when the log has grown."""
        log = self._process.log
        content = log.read_bytes() if log.exists() else b""
        place = Place(self._call)
        if content == self._sent and place.documents.get(place.key(PATH)):
            return
        artifact = place.documents.get(place.key(PATH)) or place.add(PATH)
        await place.blobs.put(place.store, artifact["artifactId"], content)
        self._sent = content

    def _keep(self, **change: object) -> None:
        kept = self._call.documents("jobs").get(self._name) or {}
        self._call.documents("jobs").put(self._name, {**kept, **change})


def _details(message: str) -> Document:
    """Return an error as a run shows it."""
    error = {"code": "UserError", "message": message, "details": []}
    return {"error": error, "correlation": None, "time": clock.now()}
