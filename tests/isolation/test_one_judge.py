"""Nothing but the law decides who may: no code beside it looks at offices, or refuses."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
JUDGE = HOUSE / "governance" / "policies"
PACKAGES = ("guild", "governance", "lounges", "colonies")
REFUSALS = {"PermissionDenied", "HttpResponseForbidden", "NotAuthenticated", "user_passes_test"}
NAMES = {"is_steward", "is_enforcer", "is_staff", "is_superuser", "has_perm", "has_office"}

KEEPS = "keeps offices themselves: whether one is held is the fact that it changes or tells"
SHOWS = "shows who holds what, and lets nobody do anything"

# Where it is looked at who holds an office, and why that decides about nobody.
LOOKED_AT: dict[str, str] = {
    "guild/tenancy/models.py": SHOWS,
    "guild/tenancy/selectors.py": "finds whom to tell",
    "guild/portal/rights/selectors.py": "says beforehand that a guild would be left without a steward",
    "governance/moderation/services.py": "names in the log as what somebody decided; the law let them before",
    "governance/deliberation/appointing.py": "whether what is proposed is so already, whoever proposes it",
    "governance/oversight/access.py": "lists the enforcers to whom a finding can be assigned",
    "governance/oversight/ruling.py": "whether the person ruled about holds what is to be taken from them",
    "governance/offices/ending.py": KEEPS,
    "governance/offices/giving.py": KEEPS,
    "governance/offices/handing_over.py": KEEPS,
    "governance/offices/holdings.py": SHOWS,
    "governance/offices/joint.py": "counts stewards, which the law is then told",
    "governance/offices/leaving.py": "keeps a guild from being left without a steward, whoever leaves",
    "governance/offices/member_forms.py": SHOWS,
    "governance/offices/services.py": KEEPS,
    "governance/offices/suspending.py": KEEPS,
    "governance/offices/views.py": "where to lead somebody who has just laid an office down",
}

# Where something else than the law says 403.
REFUSED: dict[str, str] = {
    "guild/dreamers/closing.py": "an account that is closed signs in nowhere",
}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((HOUSE / package).rglob("*.py")):
            if JUDGE not in path.parents and "migrations" not in path.parts:
                yield path


def looks_at_offices(tree: ast.AST) -> bool:
    """Whether anything is made to depend on who holds an office."""
    return any(_looks(node) for node in ast.walk(tree))


def _looks(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        held = [node.left, *node.comparators]
        return any(isinstance(one, ast.Attribute) and one.attr == "offices" for one in held)
    if isinstance(node, ast.keyword):
        return (node.arg or "").startswith(("offices__", "membership__offices", "member__offices"))
    return isinstance(node, ast.Attribute) and node.attr in NAMES


def refuses(tree: ast.AST) -> bool:
    """Whether it says 403 of its own accord."""
    return any(_refuses(node) for node in ast.walk(tree))


def _refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "status" and isinstance(node.value, ast.Constant) and node.value.value == 403
    parts: list[ast.AST] = [node] if isinstance(node, ast.Raise | ast.Return) else []
    parts += getattr(node, "bases", []) + getattr(node, "decorator_list", [])
    return bool({one.id for part in parts for one in ast.walk(part) if isinstance(one, ast.Name)} & REFUSALS)


def found(question: object) -> set[str]:
    trees = {path: ast.parse(path.read_text()) for path in sources()}
    return {str(path.relative_to(HOUSE)) for path, tree in trees.items() if question(tree)}  # type: ignore[operator]


def test_offices_are_looked_at_only_where_that_decides_about_nobody() -> None:
    assert found(looks_at_offices) == set(LOOKED_AT)


def test_who_holds_an_office_is_asked_to_tell_them_and_for_nothing_else() -> None:
    def asks(tree: ast.AST) -> bool:
        return any(isinstance(node, ast.Name) and node.id == "holders_of" for node in ast.walk(tree))

    assert [path for path in found(asks) if not path.endswith("/announcing.py")] == []


def test_only_the_law_refuses() -> None:
    assert found(refuses) == set(REFUSED)


@pytest.mark.parametrize(
    "text",
    [
        "if Office.STEWARD in by.offices: pass",
        "if 'steward' not in request.membership.offices: raise Http404",
        "if me.offices == ['steward']: pass",
        "if request.membership.is_steward: pass",
        "if request.user.is_staff: pass",
        "Membership.objects.filter(pk=me, offices__contains=['steward']).exists()",
    ],
)
def test_a_look_at_offices_is_seen(text: str) -> None:
    assert looks_at_offices(ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "raise PermissionDenied('No.')",
        "def view(request):\n    return HttpResponseForbidden()",
        "def view(request):\n    return render(request, 'x.html', status=403)",
        "class Mine(PermissionDenied): pass",
        "@user_passes_test(lambda user: True)\ndef view(request): pass",
    ],
)
def test_a_refusal_is_seen(text: str) -> None:
    assert refuses(ast.parse(text))
