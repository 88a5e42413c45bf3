# SPDX-License-Identifier: Apache-2.0
"""The table of what was explored, at the end of ``make schedules``."""

import os


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("LLIST_SCHEDULES") != "all":
        return
    reports = [report for state in ("passed", "failed") for report in terminalreporter.getreports(state)]
    rows = [(report.nodeid.partition("::test_")[2], dict(report.user_properties)) for report in reports]
    found = [(name, had["explored"]) for name, had in rows if "explored" in had]
    if found:
        terminalreporter.section("schedules")
        terminalreporter.line(f"{'schedules':>44}{'states':>10}{'ends':>7}")
        for name, explored in found:
            terminalreporter.line("{schedules:44,}{states:10,}{ends:7,}  {name}".format(name=name, **explored))
        totals = [sum(column) for column in zip(*(explored.values() for _, explored in found), strict=True)]
        terminalreporter.line("{:44,}{:10,}{:7,}  in all".format(*totals))
