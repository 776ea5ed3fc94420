import pytest
from invite_conformance.http.json_text import read_json


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"{}x", b"NaN", b'{"a": Infinity}', b'"\xff"', b"{'a': 1}", b"[" * 100_000, b"\x00"],
)
def test_what_is_no_json_text_is_reported(content: bytes) -> None:
    assert not read_json(content).well_formed


def test_a_name_given_twice_is_reported() -> None:
    text = read_json(b'{"a": {"b": 1, "b": 2}, "c": 3}')
    assert text.well_formed
    assert text.repeated == ("b",)


def test_half_a_surrogate_pair_is_reported() -> None:
    assert read_json(rb'{"a": "\ud800"}').unpaired
    assert not read_json(rb'{"a": "\ud83d\ude00"}').unpaired


def test_a_byte_order_mark_is_reported_and_not_read() -> None:
    text = read_json(b"\xef\xbb\xbf{}")
    assert (text.marked, text.value, text.well_formed) == (True, {}, True)


def test_a_number_of_more_digits_than_python_converts_is_infinite() -> None:
    assert read_json(b"9" * 4300).value == int("9" * 4300)
    assert read_json(b"9" * 4301).value == float("inf")
