"""What must not change a verdict, and what must: the same design in other words, and without one of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyzers import Analyzer, in_process
from tests.repeatable import repeatable
from tests.stacks import Resource
from tools.quality.bench.stacks import other_resource

from .designs import KNOWN_LATE, Design, Form, Names, Part, Spelling, stack_of

EXAMPLES = 120
OTHER_NAMES = Names("t-other1", "g-other2", "r-other3", "p-other4", "T-other5", "G-other6", "R-other7")
ALL_FORMS = list(product(Spelling, Form, (True, False), (False, True)))

names = st.lists(
    st.from_regex(r"\A[a-z]{6}[xz]q\Z").filter(lambda name: name not in str(Names())), min_size=7, max_size=7, unique=True
).map(lambda each: Names(*each))  # fmt: skip
designs = st.builds(
    Design,
    spelling=st.sampled_from(Spelling),
    form=st.sampled_from(Form),
    is_known=st.booleans(),
    of_organization=st.booleans(),
    is_split=st.booleans(),
    in_objects=st.booleans(),
    without=st.frozensets(st.sampled_from(Part), max_size=2),
)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return in_process()


def reports_of(analyzer: Analyzer, stack: list[Resource]) -> list[str]:
    """What is reported about the first resource of a stack, by all policies, in a fixed order."""
    judged = stack[0]
    answers = (analyzer.analyze(judged), analyzer.analyze_stack(stack))
    assert [answer.can_not_run for answer in answers] == [(), ()]
    return sorted(
        f"{report.policy}: {line}"
        for answer in answers
        for report in answer.reports
        if report.urn in ("", judged.urn)
        for line in report.message.split("\n")
    )


def codes_of(analyzer: Analyzer, stack: list[Resource]) -> list[str]:
    """The codes that are reported about the first resource of a stack, each once."""
    return sorted({line.partition("[")[2].partition("]")[0] for line in reports_of(analyzer, stack)})


# --- what must change it


@pytest.mark.parametrize(("spelling", "form", "is_known", "of_organization"), ALL_FORMS)
def test_a_whole_design_is_right(
    analyzer: Analyzer, spelling: Spelling, form: Form, is_known: bool, of_organization: bool
) -> None:
    design = Design(spelling, form, is_known, of_organization)
    for is_split, in_objects in product((False, True), (False, True)):
        assert reports_of(analyzer, stack_of(replace(design, is_split=is_split, in_objects=in_objects))) == []


@pytest.fixture(scope="module")
def requiring() -> Analyzer:
    """An analyzer of which the policies that ask nobody require proof."""
    analyzer = in_process()
    names = ("cloudwatch-logs-integrated", "log-group-and-role-exist", "role-can-deliver")
    analyzer.configure({}, {f"cloudtrail-{name}": {"requireProof": True} for name in names})
    return analyzer


@pytest.mark.parametrize(("spelling", "form", "is_known", "of_organization"), ALL_FORMS)
def test_a_whole_design_is_proven(
    requiring: Analyzer, spelling: Spelling, form: Form, is_known: bool, of_organization: bool
) -> None:
    design = Design(spelling, form, is_known, of_organization)
    for is_split, in_objects in product((False, True), (False, True)):
        assert reports_of(requiring, stack_of(replace(design, is_split=is_split, in_objects=in_objects))) == []


@pytest.mark.parametrize("part", Part, ids=lambda part: part.name)
@pytest.mark.parametrize(("spelling", "is_known"), list(product(Spelling, (True, False))))
def test_what_is_wrong_is_no_less_wrong_where_proof_is_required(
    analyzer: Analyzer, requiring: Analyzer, spelling: Spelling, is_known: bool, part: Part
) -> None:
    stack = stack_of(Design(spelling, Form.RESOURCE, is_known, without=frozenset({part})))
    assert reports_of(requiring, stack) == reports_of(analyzer, stack)


@pytest.mark.parametrize("part", Part, ids=lambda part: part.name)
@pytest.mark.parametrize(("spelling", "form", "is_known", "of_organization"), ALL_FORMS)
def test_without_a_necessary_part_it_is_wrong(
    analyzer: Analyzer, spelling: Spelling, form: Form, is_known: bool, of_organization: bool, part: Part
) -> None:
    design = Design(spelling, form, is_known, of_organization, without=frozenset({part}))
    is_told = (is_known or part not in KNOWN_LATE) and (of_organization or part is not Part.MEMBERS)
    codes = codes_of(analyzer, stack_of(design))
    assert (part.problem in codes) is is_told
    # Nothing else is wrong, but that the log group has no other use where the trail does not name it.
    assert set(codes) - {part.problem} <= (
        {"log-group-unused"} if part in (Part.BOTH_ARNS, Part.LOG_GROUP_ARN) else set()
    )


# --- what must not change it


@repeatable(EXAMPLES)
@given(designs, names)
def test_another_name_changes_only_the_name_in_the_report(design: Design, others: Names) -> None:
    analyzer = in_process()
    expected = "\n".join(reports_of(analyzer, stack_of(design)))
    for old, new in design.names.pairs_with(others):
        expected = expected.replace(old, new)
    assert "\n".join(reports_of(analyzer, stack_of(replace(design, names=others)))) == expected


@repeatable(EXAMPLES)
@given(designs, st.randoms(use_true_random=False))
def test_another_order_changes_nothing(design: Design, random: Random) -> None:
    """Beside another design, whose log group and role may be suggested too."""
    analyzer = in_process()
    trail, *others = [*stack_of(design), *stack_of(Design(names=OTHER_NAMES))]
    expected = reports_of(analyzer, [trail, *others])
    stack = [trail, *others]
    random.shuffle(stack)
    answer = analyzer.analyze_stack(stack)
    told = {line for report in answer.reports for line in report.message.split("\n")}
    of_stack = {line.partition(": ")[2] for line in expected} - {
        line for report in analyzer.analyze(trail).reports for line in report.message.split("\n")
    }
    assert told == of_stack


@repeatable(EXAMPLES)
@given(designs, st.lists(st.integers(0, 1_000), min_size=1, max_size=10, unique=True), designs)
def test_unrelated_resources_change_nothing(design: Design, numbers: list[int], neighbour: Design) -> None:
    """Of other types, and another trail with its own log group and role, right or wrong, in a stack of the same project."""
    analyzer = in_process()
    stack = stack_of(design)
    others = [other_resource(number) for number in numbers]
    assert reports_of(analyzer, [*stack, *others]) == reports_of(analyzer, stack)
    elsewhere = replace(
        neighbour,
        names=OTHER_NAMES,
        without=neighbour.without - {Part.BOTH_ARNS, Part.LOG_GROUP_ARN, Part.LOG_GROUP, Part.ROLE},
    )
    assert codes_of(analyzer, [*stack, *stack_of(elsewhere)]) == codes_of(analyzer, stack)


@repeatable(EXAMPLES)
@given(designs, st.sampled_from(("my:index:Audit", "my:index:Landing$my:index:Audit")))
def test_a_component_around_it_changes_nothing(design: Design, component: str) -> None:
    analyzer = in_process()
    within = stack_of(replace(design, component=component))
    assert within[0].urn != stack_of(design)[0].urn
    assert reports_of(analyzer, within) == reports_of(analyzer, stack_of(design))


ALIKE: list[tuple[str, Callable[[Design], Design]]] = [
    ("a document for each permission", lambda design: replace(design, is_split=not design.is_split)),
    ("documents that are objects", lambda design: replace(design, in_objects=not design.in_objects)),
    ("policies within the role", lambda design: replace(design, form=Form.INLINE)),
    ("policies that are resources", lambda design: replace(design, form=Form.RESOURCE)),
    ("policies that are attached", lambda design: replace(design, form=Form.MANAGED)),
    ("aws", lambda design: replace(design, spelling=Spelling.AWS)),
    ("aws-native", lambda design: replace(design, spelling=Spelling.AWS_NATIVE)),
    ("any-Terraform", lambda design: replace(design, spelling=Spelling.TERRAFORM)),
]


@pytest.mark.parametrize("change", [change for _, change in ALIKE], ids=[name for name, _ in ALIKE])
def test_the_same_in_other_words_has_the_same_verdict(change: Callable[[Design], Design]) -> None:
    analyzer = in_process()

    @repeatable(EXAMPLES)
    @given(designs)
    def hold(design: Design) -> None:
        assert codes_of(analyzer, stack_of(change(design))) == codes_of(analyzer, stack_of(design))

    hold()


@repeatable(EXAMPLES)
@given(designs)
def test_what_is_wrong_at_first_preview_is_wrong_after_the_update(design: Design) -> None:
    analyzer = in_process()
    before, after = (codes_of(analyzer, stack_of(replace(design, is_known=known))) for known in (False, True))
    assert set(before) <= set(after)
