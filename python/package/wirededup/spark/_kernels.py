"""From the compiled kernels to functions that Spark maps over Arrow batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from .. import _core
from .._settings import settings

# Schemas of what the kernels give, in the words of Spark.
STORIES = (
    "id string, headline string, text string, source string, language string, reason string, "
    "time long, identity_a long, identity_b long, tokens long, keys binary"
)
BANDS = "bucket long, ordinal long"
MET = "a long, b long, kind long"
PAIRS = "a long, b long"
PARTS = "ordinal long, part long"
TIES = "a long, b long, shared long, size_a long, size_b long"
FOUND = (
    "kind string, a string, b string, relation string, direction string, reason string, agency string, "
    "languages string, canonical string, origin string, line string, score double, jaccard double, "
    "containment_a double, containment_b double, weakest double, cut boolean, members array<string>"
)


class Scan:
    """The whole scan in one task, by the code of the program, within some memory."""

    def __init__(self, options: dict[str, Any], names: dict[str, Any], memory: int) -> None:
        self.options, self.names, self.memory = options, names, memory

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow

        rows = iter(batches)
        first = next(rows, None)
        if first is None:
            return
        reader = pyarrow.RecordBatchReader.from_batches(first.schema, itertools.chain([first], rows))
        # One thread: the task has one core.
        checked = settings(**self.options, threads=1, memory=self.memory)
        yield from _core.found(_core.scan(reader, checked, needs_id=True, **self.names))


class Batches:
    """A function of one batch, by its name in the compiled part; pickled by name."""

    def __init__(self, name: str, options: dict[str, Any] | None = None, *rest: Any, **names: Any) -> None:
        self.name, self.options, self.rest, self.names = name, options, rest, names

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        function = getattr(_core, self.name)
        checked = () if self.options is None else (settings(**self.options),)
        for batch in batches:
            if batch.num_rows:
                yield function(batch, *checked, *self.rest, **self.names)


class Stream:
    """A kernel that takes sorted batches one after the other and holds one group of rows."""

    def __init__(self, name: str, options: dict[str, Any] | None = None, *rest: Any, **names: Any) -> None:
        self.name, self.options, self.rest, self.names = name, options, rest, names

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        checked = () if self.options is None else (settings(**self.options),)
        kernel = getattr(_core, self.name)(*checked, *self.rest, **self.names)
        for batch in batches:
            if batch.num_rows:
                yield from kernel.push(batch)
        yield from kernel.finish()
