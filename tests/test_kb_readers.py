"""Connections lent to readers: each a snapshot, used again, and never of another library."""

import shutil
import threading

import pytest

from kb.errors import LibraryMissing
from kb.settings import Home
from kb.store import Store, meta
from kb.store.readers import Readers
from tests.library_for_tests import EVERY, FULL, write_library


@pytest.fixture
def readers(home: Home) -> Readers:
    write_library(home, *EVERY)
    return Readers(home)


def held(store: Store) -> int:
    return int(store.db.execute("SELECT count(*) FROM documents").fetchone()[0])


def put_note(home: Home, value: str) -> None:
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        meta.put(store.db, "note", value)


def test_a_connection_given_back_is_lent_again(readers: Readers) -> None:
    first = readers.take()
    readers.give_back(first)
    assert readers.take() is first


def test_two_readers_at_a_time_have_a_connection_each(readers: Readers) -> None:
    assert readers.take() is not readers.take()


def test_what_is_lent_again_shows_what_was_written_meanwhile(home: Home, readers: Readers) -> None:
    store = readers.take()
    assert meta.get(store.db, "note") is None
    put_note(home, "later")
    assert meta.get(store.db, "note") is None, "one request sees one state of the library"
    readers.give_back(store)
    assert meta.get(readers.take().db, "note") == "later"


def test_a_library_put_in_another_s_place_is_read_and_not_the_old_one(
    home: Home, readers: Readers
) -> None:
    readers.give_back(readers.take())
    shutil.rmtree(home.root)
    write_library(home, FULL)
    assert held(readers.take()) == 1


def test_a_library_that_is_gone_is_told(home: Home, readers: Readers) -> None:
    readers.give_back(readers.take())
    shutil.rmtree(home.root)
    with pytest.raises(LibraryMissing):
        readers.take()


def test_many_threads_read_at_once(readers: Readers) -> None:
    found: list[int] = []

    def read() -> None:
        for _ in range(20):
            store = readers.take()
            found.append(held(store))
            readers.give_back(store)

    threads = [threading.Thread(target=read) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [len(EVERY)] * 240


def test_a_library_replaced_during_a_request_is_not_lent_as_the_old_one(
    home: Home, readers: Readers
) -> None:
    store = readers.take()
    shutil.rmtree(home.root)
    write_library(home, FULL)
    readers.give_back(store)
    assert held(readers.take()) == 1


def test_a_connection_of_a_failed_request_is_not_lent_again(readers: Readers) -> None:
    store = readers.take()
    readers.give_back(store, sound=False)
    assert readers.take() is not store
