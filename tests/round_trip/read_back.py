"""From the outputs of a scan to a check that standard tools read back what JSON lines say: of the
stories in FOLDER, and of some whose ids are made to break a format.

Usage: read_back.py DEDUP FOLDER. Needs pyarrow and networkx (requirements.txt).
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import networkx
import pyarrow.parquet


HOSTILE = ["a\x01", "a\x02", "a", "tab\tline\nend", "return\r\nline", "q\"'<&>]]>", "=cmd|' /C calc'!A0", "@x", "-7",
           " spaced ", "тире —", "😀", "a,b;c", "</node>"]


def as_xml(text):
    """A text as a graph gives it: pictures for what XML has not."""
    return "".join(chr(0x2400 + ord(c)) if c < " " and c not in "\t\n\r" else c for c in text)


def as_csv(text):
    """A text as a table gives it: no formula."""
    is_number = text.strip("+-").isdigit()
    return "'" + text if text[:1] in tuple("=+-@\t\r") and not is_number else text


def read_back(dedup, folder):
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

        with scan("csv", "--singles").open(encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table))
        assert [(row["cluster"], row["canonical"], row["id"]) for row in rows] == [
            (str(n or ""), as_csv(canonical or ""), as_csv(id)) for n, canonical, id in told
        ]

        for form, read in [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)]:
            graph = read(scan(form))
            tied = {end for pair in pairs for end in (pair["a"], pair["b"])}
            assert set(graph) == {as_xml(id) for id in tied | {m for c in clusters for m in c["members"]}}, form
            assert graph.number_of_edges() == len(pairs), form
            for pair in pairs:
                ends = (pair["b"], pair["a"]) if pair["direction"] == "b-to-a" else (pair["a"], pair["b"])
                edge = graph.edges[tuple(map(as_xml, ends))]
                assert (edge["relation"], edge["score"]) == (pair["relation"], pair["score"]), (form, pair)
                times = [by_id[end]["time"] for end in ends if end in by_id]
                if len(times) == 2 and None not in times:
                    assert edge["lag"] == int(times[1].timestamp()) - int(times[0].timestamp()), (form, pair)
            sources = read(scan(form, "--nodes", "sources"))
            assert set(sources) == {as_xml(by_id[id]["source"]) for id in tied if by_id[id]["source"]}, form

        print(f"read back: {len(members)} members, {len(pairs)} pairs, as Parquet, CSV, GraphML and GEXF")
        return members


def main(dedup, folder):
    read_back(dedup, folder)
    with tempfile.TemporaryDirectory() as hostile:
        text = "The harbour froze over for the first time since the great winter, and the mail came by sledge."
        stories = [{"id": id, "title": id, "source": id, "text": text} for id in HOSTILE]
        (Path(hostile) / "a.jsonl").write_text("\n".join(map(json.dumps, stories)), "utf-8")
        assert {row["id"] for row in read_back(dedup, hostile)} == set(HOSTILE)


main(*sys.argv[1:])
