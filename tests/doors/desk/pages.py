from django.http import HttpResponse

UNKNOWN = "⚠ unknown template variable"


def text(answer: HttpResponse, status: int = 200) -> str:
    """The page as it is read: no-break spaces are spaces. Fails on an unknown template variable."""
    page = answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert answer.status_code == status, f"{answer.status_code}: {page[:2000]}"
    assert UNKNOWN not in page, page[page.index(UNKNOWN) - 300 : page.index(UNKNOWN) + 200]
    return page
