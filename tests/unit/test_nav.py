"""The side bar: what stands together, and what folds."""

from portal.web.nav import Group, NavItem, sections


def item(label: str, group: str = "", *, current: bool = False) -> NavItem:
    return NavItem(label, f"/{label}", "house", current, group)


def test_one_group_stands_open() -> None:
    found = sections([item("customers"), item("contacts"), item("branding", "Provider")])
    assert [(one.title, len(one.items), one.folds) for one in found] == [("", 2, False), ("Provider", 1, False)]


def test_of_several_all_but_the_first_fold() -> None:
    found = sections([item("customers"), item("resellers", "Platform"), item("branding", "Provider")])
    assert [(one.title, one.folds) for one in found] == [("", False), ("Platform", False), ("Provider", True)]


def test_a_group_knows_whether_one_is_in_it() -> None:
    first, second = sections([item("resellers", "Platform"), item("branding", "Provider", current=True)])
    assert not first.current
    assert second.current


def test_the_platform_comes_first_for_those_who_run_it() -> None:
    assert list(Group) == [Group.OWN, Group.PLATFORM, Group.PROVIDER]
