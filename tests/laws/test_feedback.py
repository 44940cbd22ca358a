"""What people say of each other is never a score: nothing counts it for a person, and matching never sees it."""

import ast
from collections.abc import Iterator

from tests.laws.tree import Source, broken, found

# Who may hold the rows of what people said of each other: those who write, ask and show them one by one. The report
# reads what was said of the organisation itself.
HOLDERS = (
    "entremise/agreements/",
    "entremise/jobs/operations/feedback.py",
    "entremise/jobs/operations/texts.py",
    "entremise/jobs/queries/feedback.py",
    "entremise/jobs/queries/member.py",
    "entremise/impact/",
    "entremise/doors/frame/feedback.py",
    "entremise/doors/site/feedback.py",
    "entremise/doors/desk/feedback.py",
    "entremise/doors/api/feedback.py",
    "entremise/doors/clock/",
)
COUNTS = {"Avg", "Count", "Sum", "aggregate", "annotate", "StdDev"}
OF_US = "about__isnull=True"


def kept_by_its_holders(source: Source) -> Iterator[str]:
    if source.path.startswith(HOLDERS) or not source.path.startswith("entremise/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name == "Feedback" or name.startswith(("feedback_read", "feedback_to_give", "feedback_on")):
                yield f"{source.at(node)}: what people said of each other is read one by one by the two and by staff"


def never_counted(source: Source) -> Iterator[str]:
    """A count over these rows is a score, unless it is about the organisation."""
    for function in source.functions:
        text = ast.unparse(function)
        if "Feedback.objects" in text and OF_US not in text and any(f"{word}(" in text for word in COUNTS):
            yield f"{source.at(function)}: no score of a person, nor of a group of them; only {OF_US} is counted"


def test_only_its_holders_see_it() -> None:
    assert broken(kept_by_its_holders) == []


def test_it_is_never_counted() -> None:
    assert broken(never_counted) == []


def test_planted_faults_are_found() -> None:
    rank = "def rank(*, who):\n    return Feedback.objects.filter(about=who)"
    assert found(kept_by_its_holders, "entremise/jobs/queries/people.py", rank)
    mean = "def mean(*, who):\n    return Feedback.objects.filter(about=who).aggregate(Avg('answer'))"
    assert found(never_counted, "entremise/impact/queries.py", mean)
