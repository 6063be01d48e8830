from portal.core import ids


def test_ids_have_their_shape() -> None:
    made = {ids.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(ids.PATTERN.fullmatch(one) and len(one) == ids.LENGTH for one in made)


def test_every_sign_of_the_alphabet_is_used_and_none_that_is_misread() -> None:
    used = set("".join(ids.new() for _ in range(1000)))
    assert used == set(ids.ALPHABET)
    assert used.isdisjoint("ilou")
    assert len(set(ids.ALPHABET)) == 32
