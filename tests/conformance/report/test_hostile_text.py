"""With any text of a server in any field of a run, every report is well-formed and harmless."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from conformance.report.sample_runs import CASE, FOREIGN, MEDIA, RUNS, STATUS, TOKEN, VIOLATED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invite_conformance import report
from invite_conformance.report import annotations, json_report, terminal
from invite_conformance.result import Cause, Conformance, ExchangeRecord, Failure, Result, Run, Verdict

FORMATS: dict[str, Callable[[Run], str]] = {
    "terminal.txt": terminal.render,
    "colour.txt": lambda run: terminal.render(run, colour=True),
    "quiet.txt": terminal.last,
    "annotations.txt": annotations.render,
    **report.FILES,
}
PIECES = (
    "::error::x",
    "::stop-commands::x",
    "##[error]",
    "###[group]",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[message text='a']",
    "\x1b[2J\x1b]0;title\x07",
    "\r\n",
    "\n",
    "\u2028",
    "\x85",
    "\0",
    "\ud800",
    "\udfff",
    "\ufffe",
    "\u202e\u2066",
    "\U000e0041",
    "<script>alert(1)</script>",
    "<!--",
    "]]>",
    "</summary></details>",
    "```",
    "|",
    "{{ 1 }}{% raw %}",
    "%0A::error::",
    "'\"`$(id)",
    "$ADMIN_KEY",
    "&amp;&lt;",
    "é漢🙂",
    "x" * 1500,
    " ",
    "",
)
TEXT = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=6).map("".join)
HEADERS = st.dictionaries(TEXT, TEXT, max_size=2)
EXCHANGE = st.builds(
    ExchangeRecord,
    method=TEXT,
    url=TEXT,
    request_headers=HEADERS,
    request_body=st.none() | TEXT,
    status=st.none() | st.integers(100, 999),
    response_headers=HEADERS | TEXT.map(lambda text: {"content-type": text}),
    response_body=TEXT,
    elapsed=st.floats(0, 10),
    operation=TEXT,
)
EXCHANGES = st.lists(EXCHANGE, max_size=2).map(tuple)
FAILURE = st.builds(
    Failure,
    requirement=st.just(TOKEN.id),
    expected=TEXT,
    received=TEXT,
    exchanges=EXCHANGES,
    rate=st.none() | st.floats(0, 1),
    command=TEXT,
)
RESULT = st.builds(
    Result,
    requirement=st.sampled_from([STATUS, TOKEN, FOREIGN, MEDIA, CASE]),
    verdict=st.sampled_from(Verdict),
    reason=TEXT,
    failures=st.lists(FAILURE, max_size=2).map(tuple),
    exchanges=EXCHANGES,
    command=TEXT,
)
RUN = st.builds(
    replace,
    st.sampled_from([*RUNS.values()]),
    results=st.lists(RESULT, max_size=3, unique_by=lambda one: one.requirement.id).map(tuple),
    notices=st.lists(TEXT, max_size=2).map(tuple),
    causes=st.lists(
        st.builds(Cause, text=TEXT.filter(bool), requirements=st.sampled_from([(), (STATUS.id, TOKEN.id)])), max_size=2
    ).map(tuple),
    conformance=st.sampled_from(Conformance),
    reproduce=TEXT,
    only=st.sampled_from([(), (TOKEN.id,)]),
)
_RESULT = VIOLATED.results[2]
EVERYWHERE = [
    replace(
        VIOLATED,
        notices=(piece,),
        results=(replace(_RESULT, failures=(Failure(TOKEN.id, piece, piece, command=piece),)),),
    )
    for piece in PIECES
]
CI_COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
OURS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "div", "span", "p"}
OURS |= {"h1", "h2", "h3", "dl", "dt", "dd", "pre", "code", "details", "summary", "table", "tr", "th", "td", "strong"}
OURS |= {"blockquote", "ul", "li", "a"}


class Tags(HTMLParser):
    """The elements of a page that are open, and every name that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert {name for name, _ in attributes} <= {
            "aria-hidden", "charset", "class", "content", "href", "http-equiv", "id", "lang", "name", "open", "scope",
            "style",
        }  # fmt: skip
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html(text: str) -> None:
    page = Tags()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.names <= OURS


def xml(text: str) -> None:
    [suite] = ET.fromstring(text.encode())  # noqa: S314  # our own
    assert suite.tag == "testsuite"


def json_(text: str) -> None:
    jsonschema_rs.Draft202012Validator(json_report.schema(), validate_formats=True).validate(json.loads(text))


def sarif(text: str) -> None:
    [run] = json.loads(text)["runs"]
    for result in run["results"]:
        assert result["message"]["text"]


def commands(text: str) -> None:
    for line in text.split("\n")[:-1]:
        assert re.match(r"::(error|warning) (file=[^,:]+,line=\d+,)?title=[^:,]+::", line), line
        assert not CI_COMMAND.search(line, 1), line


def output(text: str) -> None:
    assert not CI_COMMAND.search(re.sub(r"\x1b\[[\d;]*m", "", text))


def markdown(text: str) -> None:
    output(text)
    fence = ""
    for line in text.splitlines():
        marks = re.match("`{3,}", line)
        if fence:
            fence = "" if line == fence else fence
        elif marks:
            fence = marks[0]
        else:
            assert not re.search(r"<(?!/?(?:details|summary|code)>)", line), line
    assert fence == ""


READERS: dict[str, Callable[[str], None]] = {
    "annotations.txt": commands,
    "report.html": html,
    "junit.xml": xml,
    "report.json": json_,
    "report.sarif": sarif,
    "terminal.txt": output,
    "quiet.txt": output,
    "summary.md": markdown,
}


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(run=RUN)
def test_every_report_of_every_run_is_well_formed(format_: str, run: Run) -> None:
    assert_harmless(format_, run)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("run", EVERYWHERE, ids=[repr(piece[:12]) for piece in PIECES])
def test_every_piece_of_hostile_text_is_harmless(format_: str, run: Run) -> None:
    assert_harmless(format_, run)


def assert_harmless(format_: str, run: Run) -> None:
    text = FORMATS[format_](run)
    text.encode()  # no lone surrogate
    shown = re.sub(r"\x1b\[[\d;]*m", "", text) if format_ == "colour.txt" else text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202f\u2066-\u2069\ufeff\ufffe]", shown)
    if format_ in READERS:
        READERS[format_](text)
