"""Shelves: built once, found by digest, complete or not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from knowledge.library import open_knowledge
from knowledge.record import edition_from_json, edition_to_json
from knowledge.shelf import ShelfMissingError, Store, build_shelf, by_region, open_shelf, shelf_digest, sweep
from knowledge.starter import starter_editions
from knowledge.vectors import StoreUnavailableError, VectorStore
from tests.knowledge.shelving import HAVEN, TODAY, Scattered, exempt_list, haven, law


def test_equal_content_has_an_equal_digest_in_whatever_order_it_comes():
    one = shelf_digest(HAVEN, [haven(), exempt_list()], Scattered())
    assert one == shelf_digest(HAVEN, [exempt_list(), haven()], Scattered())


def test_a_changed_clause_another_model_and_another_region_change_the_digest():
    one = shelf_digest(HAVEN, [haven()], Scattered())
    changed = replace(haven(), clauses=haven().clauses[:1])
    assert one != shelf_digest(HAVEN, [changed], Scattered())
    assert one != shelf_digest("全国", [haven()], Scattered())
    assert one != shelf_digest(HAVEN, [haven()], None)


def test_a_shelf_that_stands_is_not_built_again(tmp_path):
    store = Store(tmp_path)
    digest = build_shelf(store, HAVEN, [haven()], Scattered())
    before = (store.shelf(digest) / "editions.json").stat().st_mtime_ns
    assert build_shelf(store, HAVEN, [haven()], Scattered()) == digest
    assert (store.shelf(digest) / "editions.json").stat().st_mtime_ns == before


def test_editions_come_back_from_a_shelf_as_they_went_in(tmp_path):
    store = Store(tmp_path)
    shelf = open_shelf(store, build_shelf(store, HAVEN, [haven(), exempt_list()], Scattered()))
    assert set(shelf.editions) == {haven(), exempt_list()}


def test_every_edition_that_ships_survives_the_way_through_json():
    for edition in starter_editions():
        assert edition_from_json(json.loads(json.dumps(edition_to_json(edition)))) == edition


def test_several_builders_of_one_shelf_leave_one_shelf(tmp_path):
    stores = [Store(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        digests = list(pool.map(lambda s: build_shelf(s, HAVEN, [haven()], Scattered()), stores))
    assert len(set(digests)) == 1
    assert {p.name for p in tmp_path.iterdir()} == {"chroma", digests[0]}
    assert len(open_shelf(stores[0], digests[0]).clauses.cards) == 3


def test_a_list_of_several_regions_stands_on_the_shelf_of_each():
    shared = replace(exempt_list(), region="东海省、西山省")
    assert list(by_region([shared, law()])) == ["东海省", "全国", "西山省"]


def test_a_missing_shelf_is_named(tmp_path):
    with pytest.raises(ShelfMissingError, match="nowhere"):
        open_shelf(Store(tmp_path), "nowhere")


def test_a_sweep_keeps_what_it_is_told_and_removes_leftovers_of_interrupted_builds(tmp_path):
    store = Store(tmp_path)
    kept = build_shelf(store, HAVEN, [haven()], Scattered())
    gone = build_shelf(store, "全国", [law()], Scattered())
    (tmp_path / "draft-abandoned").mkdir()
    assert sweep(store, {kept}) == tuple(sorted(["draft-abandoned", gone]))
    assert {n.rpartition("-")[0] for n in store.vectors.names()} == {kept}
    assert sweep(store, {kept}) == ()


def test_a_shelf_that_was_finished_during_a_sweep_is_swept_too(tmp_path, monkeypatch):
    store = Store(tmp_path)
    build_shelf(store, HAVEN, [haven()], Scattered())
    dropped = VectorStore.drop

    def drop_while_another_builds(self: VectorStore, names: list[str]) -> None:
        late = build_shelf(store, "全国", [law()], Scattered())
        dropped(self, [*names, *(n for n in self.names() if n.startswith(late))])

    monkeypatch.setattr(VectorStore, "drop", drop_while_another_builds)
    assert len(sweep(store, ())) == 2
    assert {place.name for place in tmp_path.iterdir()} == {"chroma"}


def test_a_collection_that_is_swept_while_it_is_written_is_one_kind_of_error(tmp_path):
    store = VectorStore(tmp_path)
    vectors = Scattered().encode(["撤回申请", "约谈"])
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        store.write("no name that Chroma takes / 一", vectors)


def test_shelves_that_are_open_are_shared(tmp_path):
    store = Store(tmp_path)
    digests = [build_shelf(store, r, held, None) for r, held in by_region([haven(), law()]).items()]
    first = open_knowledge(tmp_path, 1, digests[:1], {})
    second = first.another(2, digests, {})
    assert (second.release, len(second.shelves)) == (2, 2)
    assert second.shelves[0] is first.shelves[0]
    assert second.opened_since(first).shelves == second.shelves[1:]


def test_a_half_filled_collection_is_found_out_and_finished(tmp_path):
    vectors = Scattered().encode(["撤回申请", "约谈", "分期"])
    store = VectorStore(tmp_path)
    store.write("half", vectors[:2])
    with pytest.raises(StoreUnavailableError, match="2 of 3"):
        store.verify("half", vectors)
    store.write("half", vectors)
    store.verify("half", vectors)
    assert store.nearest("half", vectors[1], 1)[0] == [1]


def test_a_failed_build_leaves_no_shelf_behind(tmp_path, monkeypatch):
    store = Store(tmp_path)

    def broken(self: VectorStore, name: str, vectors: object) -> None:
        raise StoreUnavailableError("no room")

    monkeypatch.setattr(VectorStore, "verify", broken)
    with pytest.raises(StoreUnavailableError):
        build_shelf(store, HAVEN, [haven()], Scattered())
    assert {p.name for p in tmp_path.iterdir()} == {"chroma"}


def test_threads_that_open_the_store_at_once_all_get_it(tmp_path):
    store = VectorStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: store.alive(), range(8)))


def test_opening_and_searching_loads_no_torch(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests.knowledge.shelving import *;"
        f"k = opened(Path({str(tmp_path)!r}), haven(), law());"
        "assert k.search('撤回', regions=[HAVEN], on=TODAY);"
        "print(sorted({'torch', 'sentence_transformers', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.services
@pytest.mark.skipif("TEST_CHROMA_URL" not in os.environ, reason="needs a Chroma server")
def test_a_shelf_stands_on_a_chroma_server_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr("knowledge.shelf.SCANNED_BELOW", 0)
    store = Store(tmp_path, os.environ["TEST_CHROMA_URL"])
    digest = build_shelf(store, HAVEN, [haven()], Scattered())
    library = open_knowledge(tmp_path, 1, [digest], {}, Scattered(), os.environ["TEST_CHROMA_URL"])
    hits = library.search("东西交上去了还能拿回来不", regions=[HAVEN], on=TODAY)
    assert str(hits[0].ref) == "haven#一/（一）"
    assert not (tmp_path / "chroma").exists()
    others = [n.rpartition("-")[0] for n in store.vectors.names()]
    assert sweep(store, set(others) - {digest}) == (digest,)
