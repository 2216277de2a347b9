"""Ids keep the order in which they were made."""

from __future__ import annotations

from segue.kit.ids import uuid7


def test_each_id_is_larger_than_the_one_before_it() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_they_are_version_seven() -> None:
    assert {(one.version, one.variant) for one in (uuid7() for _ in range(100))} == {
        (7, "specified in RFC 4122")
    }
