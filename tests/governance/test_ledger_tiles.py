"""The paths, widths and bytes of tiles and entry bundles."""

import pytest

from governance.ledger.errors import NoteMalformed
from governance.ledger.tiles import (
    Tile,
    bundles_of,
    make_bundle,
    parse_path,
    split_bundle,
    split_tile,
    tiles_of,
)
from governance.ledger.tree import Node

PATHS = {
    "0/000": Tile(0, 0),
    "0/999": Tile(0, 999),
    "0/x001/000": Tile(0, 1000),
    "1/x001/x234/067": Tile(1, 1_234_067),
    "0/x001/x234/067.p/1": Tile(0, 1_234_067, 1),
    "7/000.p/255": Tile(7, 0, 255),
    "entries/000": Tile(None, 0),
    "entries/x001/x234/067.p/112": Tile(None, 1_234_067, 112),
}


@pytest.mark.parametrize("path", PATHS)
def test_path_is_written_and_read(path: str) -> None:
    assert parse_path(path) == PATHS[path]
    assert PATHS[path].path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "0/0",
        "0/0000",
        "00/000",
        "8/000",
        "63/000",
        "-1/000",
        "a/000",
        "data/000",
        "0/x000/001",
        "0/001/000",
        "0/x001/x000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/999",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p/1/",
        "0/000\n",
        "entries/x001",
        "/0/000",
        "0/００0",
    ],
)
def test_path_in_another_spelling_is_refused(path: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_path(path)


def shape(size: int) -> list[tuple[int | None, int, int]]:
    """(level, tiles, width of the last) for each level of a log."""
    rows: dict[int | None, list[Tile]] = {}
    for tile in (*tiles_of(size), *bundles_of(size)):
        rows.setdefault(tile.level, []).append(tile)
    return [(level, len(tiles), tiles[-1].width) for level, tiles in rows.items()]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [(0, 1, 1), (None, 1, 1)]),
        (255, [(0, 1, 255), (None, 1, 255)]),
        (256, [(0, 1, 256), (1, 1, 1), (None, 1, 256)]),
        (257, [(0, 2, 1), (1, 1, 1), (None, 2, 1)]),
        (65_536, [(0, 256, 256), (1, 1, 256), (2, 1, 1), (None, 256, 256)]),
        (70_000, [(0, 274, 112), (1, 2, 17), (2, 1, 1), (None, 274, 112)]),  # the example of the format
    ],
)
def test_log_of_a_size_has_these_tiles(size: int, expected: list[tuple[int | None, int, int]]) -> None:
    assert shape(size) == expected


def test_tile_says_which_subtrees_it_holds_and_how_long_the_log_is() -> None:
    assert Tile(1, 2, 2).nodes == [Node(8, 512), Node(8, 513)]
    assert Tile(1, 2, 2).leaves == 514 * 256
    assert Tile(None, 1, 3).nodes == [Node(0, 256), Node(0, 257), Node(0, 258)]
    assert Tile(None, 1, 3).leaves == 259


def test_bundle_is_lengths_and_entries() -> None:
    entries = [b"", b"a", b"b" * 65_535]
    made = make_bundle(entries)
    assert made == b"\0\0" + b"\0\1a" + b"\xff\xff" + b"b" * 65_535
    assert split_bundle(made, width=3) == entries


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\2a", b"\0\1ab", b"\0\1a\0\1b"])
def test_bundle_of_another_length_is_refused(content: bytes) -> None:
    with pytest.raises(NoteMalformed):
        split_bundle(content, width=1)


def test_tile_is_its_hashes_and_nothing_more() -> None:
    assert split_tile(b"a" * 32 + b"b" * 32, width=2) == [b"a" * 32, b"b" * 32]
    for wrong in (b"", b"a" * 63, b"a" * 65, b"a" * 96):
        with pytest.raises(NoteMalformed):
            split_tile(wrong, width=2)
