# SPDX-License-Identifier: Apache-2.0
"""A web application in asyncio, a register of people: ``uvicorn web_async:app``."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

import aerospike
from aerospike import exception

hosts = os.environ.get("AEROSPIKE_HOSTS", "127.0.0.1:3000")
client = aerospike.AsyncClient({"hosts": hosts.split(","), "max_waiting": 10_000})  # one for all requests
STATUS = {
    exception.RecordNotFound: 404,
    exception.RecordExistsError: 409,
    exception.BinNameError: 400,
    exception.ParamError: 400,
}  # all others are no mistake of who asks


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with client:  # connects, and closes when all requests have their answers
        yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(exception.AerospikeError)
async def failed(request: Request, error: exception.AerospikeError) -> JSONResponse:
    status = STATUS.get(type(error), 503)
    return JSONResponse({"error": type(error).__name__, "in_doubt": error.in_doubt}, status)


def key_of(name: str) -> tuple[str, str, str]:
    return "test", "people", name


@app.put("/people/{name}", status_code=201)
async def add(name: str, person: dict[str, int | str]) -> None:
    await client.put(key_of(name), {**person, "name": name}, policy={"exists": aerospike.POLICY_EXISTS_CREATE})


@app.get("/people/{name}")
async def find(name: str) -> dict[str, Any]:
    _key, _meta, bins = await client.get(key_of(name))
    return bins


@app.delete("/people/{name}", status_code=204)
async def remove(name: str) -> None:
    await client.remove(key_of(name))


@app.get("/people")
async def export() -> StreamingResponse:
    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def lines() -> AsyncIterator[str]:
    """A line for each of them, as they come; the scan ends with the last one, or when the reader has gone."""
    try:
        async with client.scan("test", "people").records() as people:
            async for _key, _meta, bins in people:
                yield json.dumps(bins) + "\n"
    except exception.AerospikeError as error:  # the status was sent long ago: the last line tells
        yield json.dumps({"error": type(error).__name__}) + "\n"
