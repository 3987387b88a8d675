"""Pages as one HTML file that needs nothing else: style, script, figures and Plotly are inside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from auscult.errors import RunError
from auscult.views import words
from auscult.views.figures import Picture

_WORDS = ("count", "kinds", "label", "magnitude", "margin", "moment", "names", "number", "places", "share")


def render(template: str, figures: Mapping[str, Picture], **shown: Any) -> str:
    """A page from a template of `auscult.views` or, as "package/name.html", of another package of ours.

    figures: by the keys under which the page's figure cards show them. shown: what the template names; `title` and
    `version` always.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters["code"] = _code
    environment.globals.update({name: getattr(words, name) for name in _WORDS})
    return environment.get_template(template).render(
        style=_template("report.css"),
        script=_template("report.js"),
        plotly=get_plotlyjs() if figures else "",
        data=_embed({key: p.plot.to_plotly_json() for key, p in figures.items()}),
        **shown,
    )


def write(page: str, path: str | Path) -> Path:
    """Write a page and return its path. Raises RunError where it cannot be written."""
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as e:
        raise RunError(f"cannot write the report {path}: {e.strerror}; choose another file") from None
    return path


def _code(text: str) -> Markup:
    """A text in which what stands between backticks is code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _template(name: str) -> str:
    package, _, file = name.rpartition("/")
    return (files(f"auscult.{package or 'views'}") / file).read_text(encoding="utf-8")


def _embed(figures: dict[str, dict]) -> str:
    """The figures as JSON that can stand in a page: equal arrays once, no NaN, no "<"."""
    arrays: dict[str, int] = {}

    def pack(node: Any) -> Any:
        if isinstance(node, dict):
            if "bdata" in node:
                return {"$": arrays.setdefault(json.dumps(node), len(arrays))}
            return {k: pack(v) for k, v in node.items()}
        return [pack(v) for v in node] if isinstance(node, list | tuple) else node

    packed = {key: pack(figure) for key, figure in figures.items()}
    text = json.dumps(
        {"figures": packed, "arrays": [json.loads(a) for a in arrays]}, allow_nan=False, separators=(",", ":")
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
