"""Wrong uses, one a line: mypy --strict and pyright name each line that says so."""

from __future__ import annotations

import wirededup as dedup

dedup.scan(["a"], id=1)  # wrong
dedup.scan(["a"], text=None)  # wrong
dedup.scan(["a"], headline=1)  # wrong
dedup.scan(["a"], source=b"AFP")  # wrong
dedup.scan(["a"], time=3)  # wrong
dedup.scan(["a"], language=1)  # wrong
dedup.scan(["a"], level="near")  # wrong
dedup.scan(["a"], threshold="0.7")  # wrong
dedup.scan(["a"], shingle=2.5)  # wrong
dedup.scan(["a"], window=1.5)  # wrong
dedup.scan(["a"], linkage="mean")  # wrong
dedup.scan(["a"], keep="newest")  # wrong
dedup.scan(["a"], keep_furniture="yes")  # wrong
dedup.scan(["a"], all_relations="yes")  # wrong
dedup.scan(["a"], facts=None)  # wrong
dedup.scan(["a"], texts="yes")  # wrong
dedup.scan(["a"], strict="no")  # wrong
dedup.scan(["a"], threads="2")  # wrong
dedup.scan(["a"], memory=2.5)  # wrong
dedup.scan(["a"], model=3.5)  # wrong
dedup.scan(["a"], progress="bar")  # wrong
dedup.scan(["a"], treshold=0.7)  # wrong
dedup.keep(["a"], level="near")  # wrong
dedup.keep(["a"], treshold=0.7)  # wrong
dedup.explain("a", "b", level="near")  # wrong
dedup.explain("a", "b", model=True)  # wrong
dedup.Index("wire.db", model=3.5)  # wrong
dedup.keep(["a"], model=3.5)  # wrong
dedup.Index("wire.db", level="near")  # wrong
dedup.Index("wire.db", keep="newest")  # wrong
dedup.Index("wire.db", window=1.5)  # wrong
dedup.Index("wire.db", linkage="mean")  # wrong
dedup.Index("wire.db").add(["a"], strict="no")  # wrong
dedup.Index("wire.db").expire(3)  # wrong
dedup.band_keys([1], 1, 1, dtype="int32")  # wrong
dedup.MinHasher(values="128")  # wrong
dedup.scan(["a"]).to_jsonl(3.5)  # wrong
