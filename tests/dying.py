# SPDX-License-Identifier: Apache-2.0
"""A program that forks children, each of which makes one call on an LList and kills itself before a command of it.

On each line of its input stands JSON: ``{"hosts": …, "key": …, "bin": …, "call": …, "arguments": …, "lives": …}``,
where ``lives`` is how many commands are carried out. On each line of its output, how many were.
"""

import json
import os
import signal
import sys

from stepped import Stepped

import aerospike


def child(task, told):
    commands = 0

    def command(one):
        nonlocal commands
        if commands == task["lives"]:
            os.kill(os.getpid(), signal.SIGKILL)
        commands += 1
        os.write(told, b".")
        return one.carry_out(client)

    hosts = [tuple(host) for host in task["hosts"]]
    with aerospike.client({"hosts": hosts, "policies": {"total_timeout": 10000}}) as client:
        elements = aerospike.LList(Stepped(client, command), tuple(task["key"]), task["bin"])
        getattr(elements, task["call"])(*task["arguments"])


def main():
    for line in sys.stdin:
        listens, told = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(listens)
            child(json.loads(line), told)
            os._exit(0)
        os.close(told)
        carried_out = 0
        while got := os.read(listens, 1000):
            carried_out += len(got)
        os.close(listens)
        _, status = os.waitpid(process, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not killed and status != 0:
            raise SystemExit(f"a child ended with the status {status}")
        print(json.dumps({"commands": carried_out, "killed": killed}), flush=True)


if __name__ == "__main__":
    main()
