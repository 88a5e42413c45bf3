# SPDX-License-Identifier: Apache-2.0
"""Make files by commands, only where something changed: what setup.py and fuzz.py compile and link with."""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys
import threading
import time


class CommandError(Exception):
    """A command did not make its file; it has said why."""


def modified(path: str) -> float:
    """When a source changed; one that is gone changed just now."""
    return os.path.getmtime(path) if os.path.exists(path) else float("inf")


def stale(made: pathlib.Path, recipe: str, sources: list[str]) -> bool:
    """Whether a file must be made again: it is not there, or its command or a source changed."""
    noted = made.with_name(made.name + ".cmd")
    if not made.exists() or not noted.exists() or noted.read_text() != recipe:
        return True
    return max(map(modified, sources)) > made.stat().st_mtime


class Counter:
    """How many of the files that are made again are done: one line on a terminal, a few elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.lock = total, 0, threading.Lock()

    def step(self) -> None:
        with self.lock:
            self.done += 1
            last = self.done == self.total
            if sys.stdout.isatty():
                print(f"\r  compiled {self.done} of {self.total}", end="\n" if last else "", flush=True)
            elif last or self.done % 20 == 0:
                print(f"  compiled {self.done} of {self.total}", flush=True)


def make(made: pathlib.Path, command: list[str], sources: list[str]) -> None:
    """Run a command that makes a file of others, unless the file is as new as they are."""
    recipe = shlex.join(command)
    if not stale(made, recipe, sources):
        return
    if os.environ.get("VERBOSE"):
        print(recipe, flush=True)
    began = time.time()
    if subprocess.run(command, check=False).returncode != 0:
        raise CommandError(f"could not make {made.name}")
    os.utime(made, (began, began))  # a source that changed meanwhile is newer
    made.with_name(made.name + ".cmd").write_text(recipe)


def included(source: str, made: pathlib.Path) -> list[str]:
    """A source with all it includes, as the compiler noted when it last made the object."""
    noted = made.with_suffix(".d")
    if not noted.exists():
        return [source]
    return shlex.split(noted.read_text().replace("\\\n", " ").split(": ", 1)[1])


def compile(compiler: list[str], sources: list[str], folder: pathlib.Path) -> list[str]:
    """Bring the objects of some sources up to date, JOBS at a time; the paths of the objects."""
    folder.mkdir(parents=True, exist_ok=True)
    objects, recipes = [], []
    for source in sources:
        made = folder / (source.replace("/", "_") + ".o")
        recipes.append((made, [*compiler, "-MD", "-c", source, "-o", str(made)], included(source, made)))
        objects.append(str(made))
    waiting = [row for row in recipes if stale(row[0], shlex.join(row[1]), row[2])]
    counter = Counter(len(waiting))

    def build(made: pathlib.Path, command: list[str], sources: list[str]) -> None:
        make(made, command, sources)
        counter.step()

    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count() or 1))) as pool:
        for job in [pool.submit(build, *row) for row in waiting]:
            job.result()
    return objects
