"""A Parquet footer whose counts agree with each other, but not with the pages."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace as Fake

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.errors import Unreadable
from transport.ingest import parquet_footer


def _lying(footer: pq.FileMetaData, rows: list[int]) -> object:
    """The footer with other row counts, everywhere the same."""
    flat = Fake(max_repetition_level=0)

    def group(number: int) -> object:
        real = footer.row_group(number)
        keys = ("data_page_offset", "dictionary_page_offset", "total_compressed_size")

        def column(index: int) -> object:
            return Fake(num_values=rows[number], **{k: getattr(real.column(index), k) for k in keys})

        return Fake(num_rows=rows[number], column=column)

    return Fake(
        num_row_groups=footer.num_row_groups,
        num_columns=footer.num_columns,
        num_rows=sum(rows),
        serialized_size=footer.serialized_size,
        schema=Fake(column=lambda _: flat),
        row_group=group,
    )


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("rows", [[3, 3, 3], [5, 5, 5], [1, 7, 6], [-1, 7, 6], [7, 7, 5], [7, 7, 7]])
def test_counts_that_agree_with_each_other_but_not_with_the_pages(
    tmp_path: Path, version: str, rows: list[int]
) -> None:
    path = tmp_path / "lie.parquet"
    table = pa.table({"a": [f"K{i}" for i in range(20)], "b": list(range(20))})
    pq.write_table(table, path, row_group_size=7, data_page_version=version)
    footer = pq.read_metadata(path)
    parquet_footer.check(path, footer)
    parquet_footer.check(path, _lying(footer, [7, 7, 6]))  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="footer does not match"):
        parquet_footer.check(path, _lying(footer, rows))  # type: ignore[arg-type]


def test_headers_of_many_small_pages_are_read_in_small_pieces() -> None:
    page = bytes((0x15, 0, 0x15, 0, 0x15, 0, 0x2C, 0x15, 2, 0, 0))
    handle = _Counting(page * 100_000)
    assert parquet_footer._values_in(handle, 0, len(page) * 100_000) == 100_000  # noqa: SLF001
    assert handle.read_bytes <= 100_000 * 256


def test_a_header_with_long_statistics_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    pq.write_table(pa.table({"a": ["x" * 2000, "y" * 2000]}), path, use_dictionary=False)
    parquet_footer.check(path, pq.read_metadata(path))


class _Counting(io.BytesIO):
    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data
