#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Load on three embedded nodes that die, hang and come back, under faults, checked against a model.

Threads write versions, count, send batches, scan and query, each on records of its own, half of them by coroutines of
an AsyncClient on one loop, and know for each record what may be read (soak_model.py): what was acknowledged is there,
what is in doubt may be. Meanwhile one node at a time is killed or paused, and faults delay, drop, reset, truncate or
answer errors. In the end all is read again, and no thread or descriptor may be left. A violation is told, and the exit
code is 1. The same seed makes the same choices; how threads meet is chance.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from blocking import blocking_client
from soak_model import Log, Tally, Versions

import aerospike
from aerospike import embedded, exception, predicates, types
from aerospike_helpers.operations import operations

NAMESPACE = "test"
NODES = 3
HEARTBEAT = 20  # milliseconds: a node is missed after a quarter of a second
WORKERS = 8
RECORDS = 24  # of each kind, of each worker
BATCH = 8
PATIENCE = 120  # seconds for a cluster that nothing happens to any more
PROGRESS = 5  # seconds
BREAK = 0.005  # seconds, after an error: a program would not storm on, either
TOLD = 20  # violations at the most

# Of little time, so that there is much to see. Increments are never tried again, which could do them twice.
ONCE: types.OperatePolicy = {"total_timeout": 250, "socket_timeout": 100, "max_retries": 0}
READ: types.ReadPolicy = {"total_timeout": 250, "socket_timeout": 100}
MANY: types.QueryPolicy = {"total_timeout": 5000, "socket_timeout": 500}

Answer = TypeVar("Answer")


class Worker:
    """A thread's records, and what it does to them. Its sets are its own, so that it knows all that is in them."""

    def __init__(self, number: int, seed: int, client: Any, log: Log) -> None:
        self.client = client
        self.log = log
        self.chance = random.Random(f"{seed} {number}")
        self.versioned, self.counted = f"versions{number}", f"counts{number}"
        self.versions = [Versions() for _ in range(RECORDS)]
        self.tallies = [Tally() for _ in range(RECORDS)]
        self.places = {
            bytes(aerospike.calc_digest(NAMESPACE, name, place)): place
            for name in (self.versioned, self.counted)
            for place in range(RECORDS)
        }

    def run(self, stop: threading.Event) -> None:
        often = (self.write, self.count, self.read, self.batch, self.batch_read)
        seldom = (self.scan_versions, self.scan_counts, self.query_counts)
        try:
            while not stop.is_set():
                if self.chance.random() < 0.02:
                    self.chance.choice(seldom)()
                else:
                    self.chance.choices(often, (30, 25, 20, 8, 8))[0]()
        except Exception as error:
            self.log.violate(f"a worker ended: {type(error).__name__}: {error}")

    def settle(self) -> None:
        """Read everything when nothing happens any more: now every answer must come."""
        deadline = time.monotonic() + PATIENCE
        checks: list[Callable[[], bool]] = [self.scan_versions, self.scan_counts, self.query_counts]
        for place in range(RECORDS):
            checks += [partial(self.read_version, place), partial(self.read_count, place)]
        for check in checks:
            while not check():
                if time.monotonic() > deadline:
                    self.log.violate(f"no answer in {PATIENCE} s from nodes that are well: {check}")
                    return
                time.sleep(0.01)

    # ---- versions ----

    def write(self) -> None:
        place = self.chance.randrange(RECORDS)
        model = self.versions[place]
        version = model.next()
        policy: types.WritePolicy = {
            "total_timeout": 250,
            "socket_timeout": 100,
            "max_retries": self.chance.choice((0, 2)),
        }
        if model.generation == 0:
            policy["exists"] = aerospike.POLICY_EXISTS_CREATE
        else:
            policy["gen"] = aerospike.POLICY_GEN_EQ
        bins = {"version": version, "fill": "x" * self.chance.randrange(200)}
        try:
            self.client.put((NAMESPACE, self.versioned, place), bins, {"gen": model.generation}, policy)
        except (exception.RecordGenerationError, exception.RecordExistsError) as error:
            self.lose(place, version, error)
        except exception.AerospikeError as error:
            self.failed("a write", error)
            if error.in_doubt:
                model.doubt(version)
        else:
            model.acknowledge(version)
            self.log.note_done("writes")

    def lose(self, place: int, version: int, error: exception.AerospikeError) -> None:
        """Another write was first: one in doubt from before, or an earlier try of this one."""
        model = self.versions[place]
        if error.in_doubt:
            model.doubt(version)
        if not model.doubtful:
            self.log.violate(f"a write of record {place} of {self.versioned} came second, and to none: {error}")
        self.log.note_done("writes that came second")
        self.read_version(place)

    def read_version(self, place: int) -> bool:
        found = self.get(self.versioned, place)
        if found is None:
            return False
        generation, bins = found
        return self.judge(self.versioned, place, self.versions[place].see(generation, bins.get("version", 0)))

    def scan_versions(self) -> bool:
        return self.see_all(
            self.versioned,
            self.tried("scans", self.client.scan(NAMESPACE, self.versioned).results, MANY),
            {place for place, model in enumerate(self.versions) if model.generation > 0},
            lambda place, meta, bins: self.versions[place].see(meta["gen"], bins["version"]),
        )

    # ---- counts ----

    def count(self) -> None:
        place = self.chance.randrange(RECORDS)
        change = [operations.increment("n", 1), operations.read("n")]
        try:
            record = self.client.operate((NAMESPACE, self.counted, place), change, {}, ONCE)
        except exception.AerospikeError as error:
            self.failed("an increment", error)
            if error.in_doubt:
                self.tallies[place].doubt()
        else:
            self.counted_up(place, record)
            self.log.note_done("increments")

    def counted_up(self, place: int, record: Any) -> None:
        self.tallies[place].acknowledge()
        self.judge(self.counted, place, self.tallies[place].see(record[2]["n"]))

    def batch(self) -> None:
        places = self.chance.sample(range(RECORDS), BATCH)
        keys = [(NAMESPACE, self.counted, place) for place in places]
        change = [operations.increment("n", 1), operations.read("n")]
        done = self.tried("batches", self.client.batch_operate, keys, change, ONCE)
        if done is None:
            self.log.violate("a batch raised, and no row tells what became of it")
            return
        failed = []
        for place, row in zip(places, done.batch_records, strict=True):
            if row.result == 0:
                self.counted_up(place, row.record)
            else:
                failed.append((row.result, row.in_doubt))
                if row.in_doubt:
                    self.tallies[place].doubt()
        self.rows_failed("a batch", failed)

    def batch_read(self) -> None:
        places = self.chance.sample(range(RECORDS), BATCH)
        keys = [(NAMESPACE, self.counted, place) for place in places]
        done = self.tried("batches", self.client.batch_read, keys, ["n"], READ)
        failed = []
        for place, row in zip(places, done.batch_records if done is not None else [], strict=done is not None):
            if row.result in (0, exception.RecordNotFound.code):
                self.judge(self.counted, place, self.tallies[place].see(row.record[2]["n"] if row.record else 0))
            else:
                failed.append((row.result, row.in_doubt))
        self.rows_failed("a batch that reads", failed)

    def read_count(self, place: int) -> bool:
        found = self.get(self.counted, place)
        return found is not None and self.judge(self.counted, place, self.tallies[place].see(found[1].get("n", 0)))

    def see_counts(self, records: Any) -> bool:
        return self.see_all(
            self.counted,
            records,
            {place for place, tally in enumerate(self.tallies) if tally.least > 0},
            lambda place, _, bins: self.tallies[place].see(bins["n"]),
        )

    def scan_counts(self) -> bool:
        return self.see_counts(self.tried("scans", self.client.scan(NAMESPACE, self.counted).results, MANY))

    def query_counts(self) -> bool:
        query = self.client.query(NAMESPACE, self.counted)
        query.where(predicates.between("n", 1, 2**40))
        return self.see_counts(self.tried("queries", query.results, MANY))

    # ---- what all have in common ----

    def failed(self, what: str, error: exception.AerospikeError) -> None:
        self.log.note_failed(what, error)
        time.sleep(BREAK)

    def tried(self, what: str, call: Callable[..., Answer], *args: Any) -> Answer | None:
        try:
            answer = call(*args)
        except exception.AerospikeError as error:
            self.failed(what, error)
            return None
        self.log.note_done(what)
        return answer

    def rows_failed(self, what: str, rows: list[tuple[int, bool]]) -> None:
        if rows:
            self.log.note_rows(what, rows)
            time.sleep(BREAK)

    def read(self) -> None:
        self.chance.choice((self.read_version, self.read_count))(self.chance.randrange(RECORDS))

    def get(self, set_name: str, place: int) -> tuple[int, dict[str, Any]] | None:
        """Generation and bins, 0 and none of a record that is not there; None: no answer."""
        found: tuple[int, dict[str, Any]] = (0, {})
        try:
            _, meta, bins = self.client.get((NAMESPACE, set_name, place), READ)
            found = (meta["gen"], bins)
        except exception.RecordNotFound:
            pass
        except exception.AerospikeError as error:
            self.failed("a read", error)
            return None
        self.log.note_done("reads")
        return found

    def judge(self, set_name: str, place: int, wrong: str | None) -> bool:
        if wrong is not None:
            self.log.violate(f"record {place} of {set_name}: {wrong}")
        return True

    def see_all(
        self, set_name: str, records: Any, needed: set[int], see: Callable[[int, Any, Any], str | None]
    ) -> bool:
        """Judge the records of a scan or query; False: there were none, for it failed."""
        if records is None:
            return False
        places = [self.places[bytes(key[3])] for key, _, _ in records]
        if len(set(places)) < len(places):
            self.log.violate(f"a scan or query of {set_name} gave a record twice: {sorted(places)}")
        if needed - set(places):
            self.log.violate(f"a scan or query of {set_name} left out {sorted(needed - set(places))}")
        for place, (_, meta, bins) in zip(places, records, strict=True):
            self.judge(set_name, place, see(place, meta, bins))
        return True


class Trouble:
    """What happens to the nodes, one at a time, and to what is asked of them."""

    def __init__(self, server: embedded.Server, seed: int, log: Log) -> None:
        self.server = server
        self.log = log
        self.chance = random.Random(f"{seed} trouble")

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                action = self.chance.choice((self.kill, self.hang, self.fault, self.fault, self.tend_fault))
                action(stop)
                stop.wait(self.chance.uniform(0.0, 0.2))
        except Exception as error:
            self.log.violate(f"the trouble ended: {type(error).__name__}: {error}")

    def kill(self, stop: threading.Event) -> None:
        """A record is lost where its last copy goes, so that all must be well before."""
        self.server.wait_until_stable(PATIENCE)
        node = self.chance.choice(self.server.nodes)
        node.stop()
        stop.wait(self.chance.uniform(0.05, 1.0))
        node.start()
        self.log.note_event("nodes killed and started")
        self.server.wait_until_stable(PATIENCE)

    def hang(self, stop: threading.Event) -> None:
        self.server.wait_until_stable(PATIENCE)
        node = self.chance.choice(self.server.nodes)
        node.pause()
        stop.wait(self.chance.choice((0.05, 0.1, 0.8)))  # unnoticed, or missed
        node.resume()
        self.log.note_event("nodes paused and resumed")
        self.server.wait_until_stable(PATIENCE)

    def fault(self, stop: threading.Event) -> None:
        action = self.chance.choice(("delay", "drop", "reset", "truncate", "error", "overload"))
        given: dict[str, Any] = {"share": self.chance.choice((0.02, 0.2, 1.0)), "seed": self.chance.randrange(2**32)}
        given["node"] = self.chance.choice((None, *self.server.nodes))
        if action == "delay":
            given["delay_ms"] = self.chance.randint(1, 200)
        elif action == "error":
            given["code"] = exception.TimeoutError.code
        if action == "overload":  # which says that it was not done
            context = self.server.fault("error", code=exception.DeviceOverload.code, **given)
        else:
            context = self.server.fault(action, after=action == "truncate" or self.chance.random() < 0.5, **given)
        with context:
            stop.wait(self.chance.uniform(0.02, 0.5))
        self.log.note_event(f"faults: {action}")

    def tend_fault(self, stop: threading.Event) -> None:
        """To what clients ask to look after the cluster."""
        action = self.chance.choice(("drop", "reset", "truncate"))
        with self.server.fault(action, commands="info", share=0.5, seed=self.chance.randrange(2**32)):
            stop.wait(self.chance.uniform(0.1, 0.5))
        self.log.note_event(f"faults of info commands: {action}")


def in_use() -> tuple[int, int]:
    """How many threads and descriptors the process has."""
    tasks = "/proc/self/task"
    return len(os.listdir(tasks)) if os.path.isdir(tasks) else 0, len(os.listdir("/dev/fd"))


def tell_progress(log: Log, server: embedded.Server, began: float) -> None:
    states = " ".join("up" if node.running else "DOWN" for node in server.nodes)
    failed = sum(log.failed.values())
    print(
        f"{time.monotonic() - began:6.0f} s: {sum(log.done.values())} commands done, {failed} failed, {log.in_doubt} "
        f"in doubt, {sum(log.events.values())} troubles, {len(log.violations)} violations, nodes {states}",
        flush=True,
    )


@contextlib.contextmanager
def connect(server: embedded.Server) -> Iterator[tuple[Any, Any]]:
    """Clients of both kinds that are quick to see changes, the one with fewer connections than threads."""
    config: types.Config = {**server.config, "tend_interval": 250}
    few: types.Config = {**config, "max_conns_per_node": WORKERS // 2 - 1, "connection_wait_ms": 60000}
    with aerospike.client(few) as client, blocking_client(config) as waiting:
        yield client, waiting


def load(server: embedded.Server, clients: tuple[Any, Any], seconds: float, seed: int, log: Log) -> None:
    """Work while there is trouble, then look whether everything is there."""
    stop, end_of_trouble = threading.Event(), threading.Event()
    workers = [Worker(number, seed, clients[number % 2], log) for number in range(WORKERS)]
    threads = [threading.Thread(target=worker.run, args=(stop,)) for worker in workers]
    trouble = threading.Thread(target=Trouble(server, seed, log).run, args=(end_of_trouble,))
    for thread in (*threads, trouble):
        thread.start()
    began = time.monotonic()
    told = began
    try:
        while time.monotonic() - began < seconds and not log.violations:
            time.sleep(min(0.2, seconds))
            if time.monotonic() - told >= PROGRESS:
                told = time.monotonic()
                tell_progress(log, server, began)
    finally:
        end_of_trouble.set()
        trouble.join()
        stop.set()
        for thread in threads:
            thread.join()
    server.wait_until_stable(PATIENCE)
    for worker in workers:
        worker.settle()
    tell_progress(log, server, began)


def run(seconds: float, seed: int, copies: int = 2) -> Log:
    """The whole of it: a log, which has violations or has not. With one copy of each record, it must have them."""
    log = Log()
    cluster = embedded.Server(nodes=NODES, replication_factor=copies, heartbeat_interval=HEARTBEAT)
    with cluster as server, connect(server) as clients:
        for number in range(WORKERS):
            clients[0].index_single_value_create(
                NAMESPACE, f"counts{number}", "n", aerospike.INDEX_NUMERIC, f"soak{number}"
            )
        load(server, clients, seconds, seed, log)
    return log


def left_over(before: tuple[int, int]) -> list[str]:
    """Threads and descriptors beyond those of before, once they have had time to go."""
    deadline = time.monotonic() + 10
    gc.collect()
    while any(now > then for now, then in zip(in_use(), before, strict=True)) and time.monotonic() < deadline:
        time.sleep(0.05)
    names = ("threads", "descriptors")
    return [
        f"{now} {what} are left of {then}"
        for what, now, then in zip(names, in_use(), before, strict=True)
        if now > then
    ]


def report(log: Log, seconds: float, seed: int) -> None:
    print(f"\nIn {seconds:.0f} s, seed {seed}:")
    for title, counts in (("done", log.done), ("trouble", log.events), ("failed, as they may", log.failed)):
        print(f"  {title}: " + (", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"))
    print(f"  in doubt: {log.in_doubt}")
    for text in log.violations[:TOLD]:
        print(f"VIOLATION: {text}")
    print(f"{len(log.violations)} violations" if log.violations else "all that was acknowledged is there")


def main(arguments: list[str] | None = None) -> int:
    aerospike.set_log_handler(None)  # nodes that cannot be reached are no news
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long there is trouble (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of all choices (default: another one each time)")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}: {WORKERS} threads on {NODES} nodes for {options.seconds:.0f} s", flush=True)
    with contextlib.suppress(exception.AerospikeError):  # what is made once in a process is there before it is counted
        run(0, seed)
    before = in_use()
    log = run(options.seconds, seed)
    log.violations += left_over(before)
    report(log, options.seconds, seed)
    return 1 if log.violations else 0


if __name__ == "__main__":
    sys.exit(main())
