"""Names stand in the order people expect, and are found however they were typed."""

from __future__ import annotations

import doctest
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.evidence.matching import Known, Mention
from workbench.ground import names
from workbench.ground.errors import NotFound
from workbench.ground.words import both, speaking
from workbench.learners.learners import Learner, call_names, the_one

KEONI = Learner(1, "605", "Keoni", "ʻAkana")
JOSE = Learner(2, "606", "José", "Peña")
APOSTROPHES = "'’‘ʻʼ`´′"


def test_the_examples_hold() -> None:
    assert doctest.testmod(names).failed == 0


def test_a_list_stands_in_the_order_a_person_looks_in() -> None:
    order = [
        "Aguirre", "ʻAkana", "Akina", "Alvarez", "Álvarez", "D’Arc", "Darcy", "de la Cruz", "Łukasik", "Nuñez",
        "Nzeogwu", "Ñandú", "O’Brien", "Obuya", "Ødegård", "Zapata",
    ]  # fmt: skip
    people = [Learner(at, str(at), "A", name) for at, name in enumerate(reversed(order))]
    found = [one.family_name for one in sorted(people, key=lambda one: one.sort_key)]
    assert found == order


def test_given_names_decide_where_family_names_are_alike_but_for_an_accent_last() -> None:
    people = [
        Learner(1, "1", "Luz", "Marín"),
        Learner(2, "2", "Ana", "Marín"),
        Learner(3, "3", "Ana", "Marin"),
    ]
    assert [one.id for one in sorted(people, key=lambda one: one.sort_key)] == [3, 2, 1]


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_an_apostrophe_of_any_form_finds_the_learner(mark: str) -> None:
    assert the_one([KEONI, JOSE], f"Keoni {mark}Akana") is KEONI
    assert Known.of([KEONI, JOSE], {}).named(Mention("Keoni", f"{mark}Akana")) == {1}


@pytest.mark.parametrize("text", ["jose pena", "Peña, José", "Pena, Jose", unicodedata.normalize("NFD", "José Peña")])
def test_accents_of_any_form_and_none_find_the_learner(text: str) -> None:
    assert the_one([KEONI, JOSE], text) is JOSE


def test_whoever_types_the_accent_means_the_one_who_has_it() -> None:
    other = Learner(3, "607", "Jose", "Pena")
    assert the_one([JOSE, other], "José Peña") is JOSE
    assert the_one([JOSE, other], "Jose Pena") is other
    with pytest.raises(NotFound, match="More than one"):
        the_one([JOSE, other], "José Pena")


def test_who_shares_a_given_name_is_told_apart_by_as_many_letters_as_it_takes() -> None:
    others = (replace(KEONI, id=at, family_name=name) for at, name in ((3, "Kealoha"), (4, "Kealamakia")))
    called = call_names([KEONI, JOSE, *others])
    assert called == {1: "Keoni ʻA.", 2: "José", 3: "Keoni Kealo.", 4: "Keoni Keala."}


def test_a_letter_with_its_mark_apart_is_one_letter() -> None:
    apart = unicodedata.normalize("NFD", "Álvarez")
    people = [Learner(1, "1", "José", apart), Learner(2, "2", "Jose", "Ruiz")]
    assert call_names(people) == {1: "José Á.", 2: "Jose R."}


def test_who_has_no_family_name_or_the_same_whole_name_is_called_by_what_there_is() -> None:
    alone, same = Learner(1, "1", "Ming", ""), Learner(2, "2", "Ming", "Chen")
    assert call_names([alone, same]) == {1: "Ming", 2: "Ming C."}
    assert call_names([same, replace(same, id=3)]) == {2: "Ming Chen", 3: "Ming Chen"}


@given(st.lists(st.text(max_size=12), max_size=6))
@settings(deadline=None)
def test_whatever_a_roster_calls_people_they_are_sorted_and_called(family: list[str]) -> None:
    people = [Learner(at, str(at), "Sam", name) for at, name in enumerate(family)]
    assert len(call_names(people)) == len(people)
    assert sorted(sorted(people, key=lambda one: one.sort_key), key=lambda one: one.id) == people


@pytest.mark.parametrize(
    ("other", "said"),
    [("Inés", "Ana e Inés"), ("Hilda", "Ana e Hilda"), ("iglesia", "Ana e iglesia"), ("Íñigo", "Ana e Íñigo"),
     ("Ian", "Ana y Ian"), ("hielo", "Ana y hielo"), ("Yolanda", "Ana y Yolanda"), ("Luz", "Ana y Luz")],
)  # fmt: skip
def test_spanish_says_e_before_the_sound_of_i(other: str, said: str) -> None:
    with speaking("es"):
        assert both("Ana", other) == said
    assert both("Ana", other) == f"Ana and {other}"


def test_somebody_is_found_by_parts_of_a_name_in_any_order_and_spelled_plainly() -> None:
    for typed in ("luz", "MAR", "marín, luz", "lu ri"):
        assert names.has("Luz Marín", typed)
    assert names.has("Ana ʻAkana Nuñez", "nunez 'akana")
    assert not names.has("Luz Marín", "luz omar")
