"""Two people who edit the same thing at the same time."""

from hypothesis import given, strategies as st

from portal.core.merging import merge

VALUES = st.fixed_dictionaries({name: st.sampled_from(["1", "2", "3"]) for name in ("name", "email")})


@given(VALUES, VALUES, VALUES)
def test_a_merge_loses_nothing(seen: dict[str, str], stored: dict[str, str], typed: dict[str, str]) -> None:
    found = merge(seen, stored, typed)
    for name, yours in typed.items():
        both = seen[name] != stored[name] and seen[name] != yours and stored[name] != yours
        assert (name in found.clashes) == both
        if not both:
            assert found.values[name] == (stored[name] if yours == seen[name] else yours)


def test_a_form_that_does_not_say_what_it_showed_clashes_wherever_it_differs() -> None:
    assert merge({}, {"name": "Alice", "email": "a@b.example"}, {"name": "Alina", "email": "a@b.example"}).clashes == (
        "name",
    )
