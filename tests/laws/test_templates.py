"""Templates: each used, each parsed, nothing inline, every word marked for translation."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.loader import get_template

from tests.laws.tree import ROOT, clean, sources, textual_constants

FOLDER = ROOT / "templates"
TAG = re.compile(r"{%.*?%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
TRANSLATED = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}", re.DOTALL)
CLASSES = re.compile(r"{% block \w+_class %}.*?{% endblock %}", re.DOTALL)

# Found by name outside our code.
FOUND_BY_DJANGO = re.compile(r"^(4\d\d|500)\.html$|^(account|mfa|allauth)/|^django/")
# Words that are the same in every language, or names.
NAMES = {
    "Entremise",
    "Ctrl",
    "PDF",
    "CSV",
    "ODS",
    "XLSX",
    "IBAN",
    "BIC",
    "SIRET",
    "FEC",
    "SEPA",
    "STOP",
}
SAID = {"aria-label", "alt", "title", "placeholder", "data-dire", "content"}
SILENT = {"kbd", "script", "code"}


def names(*endings: str) -> list[str]:
    files = (file for file in sorted(FOLDER.rglob("*")) if file.is_file() and file.name.endswith(endings))
    return [str(file.relative_to(FOLDER)) for file in files]


PAGES = names(".html", ".svg")
TEMPLATES = [*PAGES, *names(".txt")]


def text_of(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "/fonts/" not in name])
def test_it_parses(name: str) -> None:
    get_template(name)


def test_a_broken_template_is_found() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% if %}")


# Use


@cache
def words_of_code() -> frozenset[str]:
    """Every string of the house: templates are named in them."""
    trees = (source.tree for source in sources("entremise", "config"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@cache
def patterns_of_code() -> frozenset[str]:
    """Every string that the house puts together, as a pattern: `desk/*.html`."""
    trees = (source.tree for source in sources("entremise", "config"))
    strings = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return frozenset(pattern for one in strings for pattern in textual_constants(one) if re.search(r"\w{3}", pattern))


def used(name: str, words: frozenset[str], patterns: frozenset[str]) -> bool:
    """Whether code names it: in full, or by its bare name where the rest is put together."""
    if name in words or FOUND_BY_DJANGO.search(name):
        return True
    bare = Path(name).name.partition(".")[0]
    whole = any(fnmatchcase(name, pattern) for pattern in patterns if pattern.startswith(name[:4]))
    return whole and (bare in words or any(fnmatchcase(bare, pattern) for pattern in patterns))


def named_by(text: str) -> set[str]:
    """The templates that a template extends, includes or imports."""
    return set(re.findall(r"""{%-? *(?:extends|include) ["']([^"']+)["']""", COMMENT.sub("", text)))


def unused(texts: dict[str, str], words: frozenset[str], patterns: frozenset[str]) -> list[str]:
    reached, frontier = set[str](), {name for name in texts if used(name, words, patterns)}
    while frontier:
        reached |= frontier
        frontier = {other for name in frontier for other in named_by(texts.get(name, ""))} - reached
    return sorted(set(texts) - reached)


def test_no_template_is_unused() -> None:
    texts = {name: text_of(name) for name in TEMPLATES if "/fonts/" not in name}
    clean(f"{name}: render it or remove it" for name in unused(texts, words_of_code(), patterns_of_code()))


def test_no_document_is_unused() -> None:
    typeset = {name: text_of(name) for name in names(".typ")}
    imported = {f"documents/{one}" for text in typeset.values() for one in re.findall(r'#import "(\w+\.typ)"', text)}
    given = {Path(name).stem for name in typeset} & words_of_code()
    left = [name for name in typeset if name not in imported and Path(name).stem not in given]
    clean(f"{name}: issue it or remove it" for name in left)


def test_an_unused_template_is_found() -> None:
    texts = {
        "site/home.html": '{% extends "site/base.html" %}{# {% include "site/old.html" %} #}',
        "site/base.html": "",
        "site/old.html": "",
        "letters/proposal.text.txt": "",
        "letters/sign_client.text.txt": "",
        "letters/lost.text.txt": "",
        "desk/call.html": "",
        "desk/left.html": "",
    }
    words, patterns = (
        frozenset({"site/home.html", "proposal", "call"}),
        frozenset({"letters/*.*.txt", "sign_*", "desk/*.html"}),
    )
    assert unused(texts, words, patterns) == ["desk/left.html", "letters/lost.text.txt", "site/old.html"]


def test_every_template_named_exists() -> None:
    named = {other for name in TEMPLATES for other in named_by(text_of(name))}
    named |= {word for word in words_of_code() if re.fullmatch(r"(site|desk|components)/[\w/]+\.html", word)}
    missing = sorted(name for name in named if not (FOLDER / name).exists() and not name.startswith("django/"))
    assert missing == []


def test_folders_are_two_deep_at_most() -> None:
    assert [name for name in names("") if name.count("/") > 2] == []


# Unknown variables


def test_an_unknown_variable_shows_itself() -> None:
    """In tests an unknown name leaves this mark on the page; test_urls wants no page with it."""
    page = engines["django"].from_string("{{ nobody_knows_me }}").render({})
    assert "nobody_knows_me" in page
    assert Template("{% if nobody_knows_me %}x{% endif %}").render(Context()) == ""


# What the content security policy refuses

FORM = re.compile(r"<form\b(?:[^>{]|\{[%{].*?[%}]\})*>")
OUTSIDE = "no address outside; pages fetch nothing elsewhere"
REFUSED = {
    r"\sstyle\s*=": "no style attribute; docs/design.md lists the classes that replace it",
    r"<style\b": "no style element; put it into static/css",
    r"<script\b(?![^>]*\bsrc=)": "no inline script; put it into static/js",
    r"\son[a-z]+\s*=": "no on… attribute; a page script listens for it",
    r"javascript:": "no script in an address",
    r"""(?:href|src|action|poster|data-url)\s*=\s*["'](?:https?:)?//""": OUTSIDE,
    r"@import|url\(\s*['\"]?https?:": OUTSIDE,
}


def inline(name: str, text: str) -> Iterator[str]:
    bare = TAG.sub(" ", COMMENT.sub("", text))
    for pattern, advice in REFUSED.items():
        if re.search(pattern, bare, re.IGNORECASE):
            yield f"{name}: {advice}"


def test_nothing_inline_and_nothing_from_outside() -> None:
    clean(sentence for name in PAGES for sentence in inline(name, text_of(name)))


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="https://example.org/a.png">',
        '<link href="//example.org/a.css">',
    ],
)
def test_what_the_policy_refuses_is_found(text: str) -> None:
    assert list(inline("planted.html", text))


def bubbles(name: str, text: str) -> Iterator[str]:
    for form in FORM.findall(text):
        if 'method="post"' in form and "novalidate" not in form:
            yield f"{name}: novalidate, or the browser says in its own words and language what we say beside the field"


def test_what_is_wrong_is_said_by_us_and_not_by_the_browser() -> None:
    clean(sentence for name in PAGES for sentence in bubbles(name, text_of(name)))


def test_a_form_that_the_browser_judges_is_found() -> None:
    assert list(bubbles("planted.html", '<form class="a" method="post" action="{% url "x" %}">'))
    assert not list(bubbles("planted.html", '<form method="post" action="{% url "x" %}" novalidate>'))


WHOLE_FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)


def homeless(name: str, text: str) -> Iterator[str]:
    """Whoever came to a field by the summary has « #id_name » in the address; a form without its own keeps it."""
    for form in WHOLE_FORM.findall(text):
        if "action=" not in form:
            yield f"{name}: action, or the next page puts the focus where the last one's error was"


def test_a_form_says_where_it_goes() -> None:
    clean(sentence for name in PAGES for sentence in homeless(name, text_of(name)))


def test_a_form_that_goes_nowhere_is_found() -> None:
    assert list(homeless("planted.html", '<form method="post" novalidate><button>Oui</button></form>'))
    text = '<form method="post" novalidate><button formaction="/x">Oui</button></form>'
    assert not list(homeless("planted.html", text))


# Words


class Words(HTMLParser):
    """Collects what a reader sees or hears: text, and the attributes that are said."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        given = dict(attrs)
        said = SAID - ({"content"} if tag == "meta" and given.get("name") != "description" else set())
        self.found += [value for name, value in attrs if name in said and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent -= tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def unmarked(name: str, text: str) -> Iterator[str]:
    """Words of a page that no translate tag holds."""
    bare = TAG.sub("", CLASSES.sub("", TRANSLATED.sub("", COMMENT.sub("", text))))
    parser = Words()
    parser.feed(re.sub(r"{{.*?}}", "", bare, flags=re.DOTALL))
    parser.close()
    for part in parser.found:
        for word in re.findall(r"(?<!&)\b[^\W\d_]{2,}", part):
            if word not in NAMES:
                yield f"{name}: « {' '.join(part.split())[:60]} » → {{% translate %}}"
                break


def test_every_word_is_marked_for_translation() -> None:
    clean(sentence for name in names(".html") for sentence in unmarked(name, text_of(name)))


@pytest.mark.parametrize(
    "text",
    [
        "<p>Bonjour</p>",
        "{% block title %}Bonjour{% endblock %}",
        '<button aria-label="Fermer">×</button>',
        '<p>{% translate "Oui" %} ou non</p>',
        '<meta name="description" content="Un service">',
    ],
)
def test_an_unmarked_word_is_found(text: str) -> None:
    assert list(unmarked("planted.html", text))


def test_marked_words_and_names_pass() -> None:
    page = '<p>{% translate "Bonjour" %} <kbd>Suppr</kbd> 3&nbsp;€ {{ name }} Entremise{# note #}</p>'
    page += '<meta name="viewport" content="width">{% block body_class %}desk{% endblock %}'
    assert list(unmarked("sound.html", page)) == []


def test_templates_pass_the_lint() -> None:
    djlint = [str(Path(sys.executable).parent / "djlint"), "templates", "--lint", "--quiet"]
    run = subprocess.run(djlint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_dates_in_words_are_ours() -> None:
    """Django's own filter writes « 1 mai »; ours, « 1er mai »."""
    spelled, ours = re.compile(r'\|date:"[^"]*j F'), re.compile(r"{% load [^%]*\bentremise\b")
    wrong = [name for name in TEMPLATES if spelled.search(text_of(name)) and not ours.search(text_of(name))]
    clean(f"{name}: load entremise, whose date filter writes « 1er »" for name in wrong)
