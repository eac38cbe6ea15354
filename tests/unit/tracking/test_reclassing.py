"""An object gets behaviour in front of its class, and gives it back."""

from __future__ import annotations

from amlflow_jupyter.tracking import reclassing


class Store:
    """A store."""

    def __init__(self) -> None:
        self.logged: list[str] = []

    def log(self, what: str) -> None:
        self.logged.append(what)


class Loud:
    def log(self, what: str) -> None:
        super().log(what.upper())  # type: ignore[misc]


class Twice:
    def log(self, what: str) -> None:
        super().log(what + what)  # type: ignore[misc]


def test_what_stands_in_front():
    store = Store()
    reclassing.add(store, Loud)
    reclassing.add(store, Twice)
    reclassing.add(store, Loud, Twice)
    store.log("a")
    assert store.logged == ["AA"]
    assert reclassing.mixins_of(store) == (Twice, Loud)
    assert type(store).__name__ == "Store"
    assert type(store).__doc__ == "A store."
    assert isinstance(store, Store)
    assert reclassing.own_class(store) is Store


def test_it_is_taken_back_in_any_order():
    store = Store()
    reclassing.add(store, Loud, Twice)
    reclassing.remove(store, Loud)
    store.log("a")
    reclassing.remove(store, Loud)
    assert reclassing.mixins_of(store) == (Twice,)
    reclassing.remove(store, Twice)
    store.log("b")
    assert store.logged == ["aa", "b"]
    assert type(store) is Store


def test_two_objects_share_the_class():
    first, second = Store(), Store()
    reclassing.add(first, Loud)
    reclassing.add(second, Loud)
    assert type(first) is type(second)
