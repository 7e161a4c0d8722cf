"""Scenarios in YAML: read, written back as they were, and refused with the line that is wrong."""

import pytest

from arlib.collection.dunning import (
    CustomerClass,
    Level,
    Scenario,
    StopRules,
    read_scenarios,
    scenarios_text,
    write_scenarios,
)
from arlib.collection.letters import read_template
from arlib.errors import ArlibError

OWN = Scenario(
    "grands comptes",
    (
        Level("appel", 1, -3, "phone", "reminder_1", "courteous"),
        Level("relance", 2, 10, "email", "reminder_2", "firm"),
    ),
    cool_down=12,
    stop=StopRules(disputed=False, amount_below=15.5, max_level=2),
    customers=CustomerClass(("007", "C 1"), ("GMS",), ("A", "B"), ("FR", "NO"), ("fr",), 1000.0, 1e6),
)


@pytest.mark.parametrize("name", ["standard", "key_accounts"])
def test_those_that_ship_are_read_and_their_letters_exist(name):
    scenarios = read_scenarios(name)
    assert read_scenarios(scenarios_text(scenarios)) == scenarios
    for level in (level for scenario in scenarios for level in scenario.levels):
        assert read_template(level.template, "fr").subject
        assert read_template(level.template, "en").subject


def test_the_standard_one_is_that_of_a_credit_manager():
    (standard,) = read_scenarios()
    assert [level.offset for level in standard.levels] == [-5, 5, 15, 30, 45]
    assert standard.levels[-1].channel == "formal_notice"


def test_a_scenario_comes_back_as_it_was(tmp_path):
    path = write_scenarios([OWN, *read_scenarios()], tmp_path / "mes scénarios.yaml")
    assert read_scenarios(path) == (OWN, *read_scenarios())
    assert read_scenarios(str(path))[0] == OWN


GOOD = """\
- name: mine
  cool_down: 7
  levels:
    - {name: one, level: 1, offset: 5, channel: email, template: reminder_1}
"""


def test_the_good_one_is_good():
    assert read_scenarios(GOOD)[0].levels[0].tone == "courteous"


@pytest.mark.parametrize(
    ("old", "new", "row", "key"),
    [
        ("cool_down: 7", "cooldown: 7", 2, "dunning.file.key"),
        ("cool_down: 7", "cool_down: soon", 2, "dunning.value.number"),
        ("cool_down: 7", "cool_down: -1", 2, "dunning.value.number"),
        ("cool_down: 7", "cool_down: [7]", 2, "dunning.file.one_value"),
        ("cool_down: 7", "cool_down: 2026-13-45", 2, "dunning.file.one_value"),
        ("cool_down: 7", "name: twice", 2, "dunning.file.twice"),
        ("offset: 5", "offset: five", 4, "dunning.value.number"),
        ("channel: email", "channel: pigeon", 4, "dunning.value.one_of"),
        (", template: reminder_1", "", 4, "dunning.file.missing"),
        ("cool_down: 7", "stop: {disputed: perhaps}", 2, "dunning.value.flag"),
        ("cool_down: 7", "for: {owed_from: 50 000}", 2, "dunning.value.amount"),
        ("cool_down: 7", "for: {grades: [F]}", 2, "dunning.value.one_of"),
        ("cool_down: 7", "for: {segments: [[a]]}", 2, "dunning.file.list"),
        ("cool_down: 7", "cool_down: !!python/object:os.system 7", 2, "dunning.file.one_value"),
        ("name: mine", "name: ''", 1, "dunning.value.text"),
        ("- {name: one", "- {name: [", 4, "dunning.file.unreadable"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old, new, row, key):
    assert old in GOOD
    with pytest.raises(ArlibError) as wrong:
        read_scenarios(GOOD.replace(old, new))
    problem = wrong.value.problems[0]
    assert (problem.what.key, problem.place.row) == (key, row)
    assert len(problem.text("fr")) > 30


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("\n", "dunning.file.empty"),
        ("- 5\n", "dunning.file.not_keys"),
        ("- name: a\n  levels: 3\n", "dunning.file.list"),
        ("- name: a\n  levels: []\n", "dunning.value.no_level"),
        (GOOD + GOOD, "dunning.file.name_twice"),
        (
            GOOD + "    - {name: two, level: 2, offset: 5, channel: email, template: reminder_1}\n",
            "dunning.value.order",
        ),
    ],
)
def test_other_texts_are_no_scenarios(text, key):
    with pytest.raises(ArlibError) as wrong:
        read_scenarios(text)
    assert key in [problem.what.key for problem in wrong.value.problems]


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ArlibError) as wrong:
        read_scenarios(GOOD.replace("offset: 5", "offset: x").replace("cool_down: 7", "pause: 7"))
    assert len(wrong.value.problems) == 2


def test_a_file_that_is_not_there_says_which_ship(tmp_path):
    with pytest.raises(ArlibError, match=r"key_accounts, standard"):
        read_scenarios(tmp_path / "nowhere.yaml")


def test_the_file_is_named(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(GOOD.replace("email", "pigeon"), encoding="utf-8")
    with pytest.raises(ArlibError, match=r"my\.yaml, row 4"):
        read_scenarios(path)
