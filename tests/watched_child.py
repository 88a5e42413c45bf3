# SPDX-License-Identifier: Apache-2.0
"""A program that reads watched files of policies, in a process of its own, where a crash is seen.

Each line of its input is a list of files, as hexadecimal numbers. It answers each with ``ok`` when clients that began
with these files, and clients whose files became these, have worked, and files have changed while they were read.
"""

import json
import os
import pathlib
import sys
import tempfile
import time

import aerospike
from aerospike import exception
from aerospike_helpers.metrics import MetricsPolicy

GOOD = b'version: "1.1.0"\ndynamic:\n  client:\n    timeout: 1000\n'
KEY = ("test", "watched", 1)
READ = ("Update dynamic config", "Failed to parse")


class Reader:
    def __init__(self, hosts, folder):
        self.hosts = [tuple(host) for host in hosts]
        self.folder = pathlib.Path(folder)
        self.heard_of = []  # a message for each file that was read; many threads append
        self.number = 0
        aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
        aerospike.set_log_handler(self.heard)

    def heard(self, _level, _function, _path, _line, message):
        if any(text in message for text in READ):
            self.heard_of.append(message)

    def write(self, path, data):
        """Put a file in the place of another, later than all before."""
        self.number += 1
        other = path.with_suffix(".new")
        other.write_bytes(data)
        later = time.time() + 100 * self.number
        os.utime(other, (later, later))
        os.replace(other, path)

    def client(self, path, interval):
        try:
            return aerospike.client(
                {
                    "hosts": self.hosts,
                    "tend_interval": 250,
                    "config_provider": aerospike.ConfigProvider(str(path), interval),
                    "policies": {"metrics": MetricsPolicy(report_dir=str(self.folder))},
                }
            )
        except exception.ClientError:
            return None  # settings that fit each other not

    def use(self, client):
        try:
            client.get_policies()
            client.exists(KEY, {"total_timeout": 1000, "max_retries": 0})
        except exception.AerospikeError:
            pass
        client.close()

    def begin(self, files):
        for place, data in enumerate(files):
            path = self.folder / f"begin-{place}.yml"
            self.write(path, data)
            client = self.client(path, 4_294_967_295)
            if client is not None:
                self.use(client)

    def change(self, files):
        paths = [self.folder / f"change-{place}.yml" for place in range(len(files))]
        for path in paths:
            self.write(path, GOOD)
        clients = [self.client(path, 250) for path in paths]
        wanted = len(self.heard_of) + len(files)
        for path, data in zip(paths, files, strict=True):
            self.write(path, data)
        deadline = time.monotonic() + 60
        while len(self.heard_of) < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.heard_of) >= wanted, "files that changed were not read"
        for client in clients:
            self.use(client)

    def storm(self, files):
        """A file is written over while clients read it."""
        path = self.folder / "storm.yml"
        self.write(path, GOOD)
        with open(path, "r+b", buffering=0) as file:
            for data in files * 3:
                file.seek(0)
                file.write(data)
                client = self.client(path, 4_294_967_295)
                file.truncate(len(data) // 2)
                if client is not None:
                    client.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        reader = Reader(json.loads(sys.argv[1]), folder)
        for line in sys.stdin:
            files = [bytes.fromhex(text) for text in json.loads(line)]
            reader.begin(files)
            reader.change(files)
            reader.storm(files)
            print("ok", flush=True)


if __name__ == "__main__":
    main()
