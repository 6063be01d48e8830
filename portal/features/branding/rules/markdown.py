"""The long texts of a brand: Markdown without HTML, reduced to what a text needs."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = frozenset({"https", "mailto", "tel"})
TAGS = {"h2", "h3", "h4", "p", "br", "hr", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_HEADINGS = re.compile(r"<(/?)h([1-6])>")
_ALLOWED = re.compile(r"(https://|mailto:|tel:)[^\s]+", re.IGNORECASE)



class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - judged below, with its reason
        return True


_renderer = _Markdown("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(["table", "strikethrough"])
_renderer.disable("image")


def html(text: str) -> str:
    """What may stand on a page. Its headings begin one below that of the page, whatever level they began with."""
    made = _renderer.render(text)
    up = min((int(level) for _slash, level in _HEADINGS.findall(made)), default=2) - 2
    made = _HEADINGS.sub(lambda found: f"<{found[1]}h{min(int(found[2]) - up, 4)}>", made)
    return nh3.clean(
        made, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=set(SCHEMES), link_rel="noopener noreferrer"
    )


def forbidden_link(text: str) -> str | None:
    """The first address in a text that it may not link to."""
    return next((url for url in _links(_renderer.parse(text)) if not _ALLOWED.fullmatch(url)), None)


def _links(tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        if token.type == "link_open":
            found.append(str(token.attrGet("href") or ""))
        found += _links(token.children or [])
    return found
