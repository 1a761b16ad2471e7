"""From the outputs of one scan to a check that standard tools read back what JSON lines say.

Usage: read_back.py DEDUP FOLDER. Needs pyarrow and networkx (requirements.txt).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import networkx
import pyarrow.parquet


def main(dedup, folder):
    def scan(form, *flags):
        out = Path(scratch) / form
        run = [dedup, "scan", folder, "--quiet", "--format", form, "-o", out, *flags]
        assert subprocess.run(run).returncode in (0, 3), run
        return out

    with tempfile.TemporaryDirectory() as scratch:
        lines = [json.loads(line) for line in scan("jsonl", "--singles").read_text("utf-8").splitlines()]
        of = lambda kind: [line for line in lines if line["type"] == kind]
        pairs, clusters, singles = of("pair"), of("cluster"), of("single")
        assert pairs and clusters

        table = pyarrow.parquet.read_table(scan("parquet-pairs")).to_pylist()
        assert table == [{key: pair[key] for key in table[0]} for pair in pairs]

        members = pyarrow.parquet.read_table(scan("parquet", "--singles")).to_pylist()
        told = [(n, c["canonical"], m) for n, c in enumerate(clusters, 1) for m in c["members"]]
        told += [(None, None, single["id"]) for single in singles]
        assert [(row["cluster"], row["canonical"], row["id"]) for row in members] == told
        by_id = {row["id"]: row for row in members}

        for form, read in [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)]:
            graph = read(scan(form))
            tied = {end for pair in pairs for end in (pair["a"], pair["b"])}
            assert set(graph) == tied | {m for c in clusters for m in c["members"]}, form
            assert graph.number_of_edges() == len(pairs), form
            for pair in pairs:
                ends = (pair["b"], pair["a"]) if pair["direction"] == "b-to-a" else (pair["a"], pair["b"])
                edge = graph.edges[ends]
                assert (edge["relation"], edge["score"]) == (pair["relation"], pair["score"]), (form, pair)
                times = [by_id[end]["time"] for end in ends if end in by_id]
                if len(times) == 2 and None not in times:
                    assert edge["lag"] == int(times[1].timestamp()) - int(times[0].timestamp()), (form, pair)
            sources = read(scan(form, "--nodes", "sources"))
            assert set(sources) == {by_id[id]["source"] for id in tied} - {None}, form

        print(f"read back: {len(members)} members, {len(pairs)} pairs, as Parquet, GraphML and GEXF")


main(*sys.argv[1:])
