import pytest

from amlflow_jupyter.widgets.grouping import places
from amlflow_jupyter.widgets.palette import CURVES


def charts(*names):
    """Return the names on each chart, by section and title."""
    found = {}
    for name, place in zip(names, places(names), strict=True):
        found.setdefault((place.section, place.chart), []).append(name)
    return found


@pytest.mark.parametrize(
    ("names", "quantity", "labels"),
    [
        (("train/loss", "val/loss"), "loss", ["train", "val"]),
        (("train/loss", "validation/loss", "test/loss"), "loss", ["train", "validation", "test"]),
        (("loss", "val_loss"), "loss", ["loss", "val_loss"]),
        (("validation_0-rmse", "validation_1-rmse"), "rmse", ["validation_0", "validation_1"]),
        (("Loss/train", "Loss/Val"), "Loss", ["train", "Val"]),
        (("training.auc", "valid.auc"), "auc", ["training", "valid"]),
        (("train/loss", "train_loss"), "loss", ["train/loss", "train_loss"]),
    ],
)
def test_one_quantity_on_different_data_is_one_chart(names, quantity, labels):
    assert charts(*names) == {("", quantity): list(names)}
    assert [place.label for place in places(names)] == labels


def test_what_stands_alone_keeps_its_name():
    assert charts("train/loss", "accuracy", "train", "val_", "trainer/steps") == {
        ("", "train/loss"): ["train/loss"],
        ("", "accuracy"): ["accuracy"],
        ("", "train"): ["train"],
        ("", "val_"): ["val_"],
        ("trainer", "trainer/steps"): ["trainer/steps"],
    }


def test_prefixes_are_sections():
    names = ("train/box/loss", "val/box/loss", "grad/a", "fold1/train/f1", "fold1/val/f1")
    assert charts(*names) == {
        ("box", "box/loss"): ["train/box/loss", "val/box/loss"],
        ("grad", "grad/a"): ["grad/a"],
        ("fold1", "fold1/f1"): ["fold1/train/f1", "fold1/val/f1"],
    }


def test_what_the_system_measures_is_a_section_of_its_own():
    assert {place.section for place in places(["system/cpu", "system/test/x"])} == {"system"}


def test_training_and_validation_have_their_colours_in_every_chart():
    names = ["lr", "val/loss", "train/loss", "train/f1", "val/f1", "test/f1"]
    colours = {name: place.colour for name, place in zip(names, places(names), strict=True)}
    assert colours["train/loss"] == colours["train/f1"] == CURVES[0]
    assert colours["val/loss"] == colours["val/f1"] == CURVES[1]
    assert colours["test/f1"] == CURVES[2]


@pytest.mark.parametrize("count", [2, len(CURVES)])
def test_curves_of_one_chart_differ_in_colour(count):
    names = [f"valid_{index}-auc" for index in range(count)]
    assert len({place.colour for place in places(names)}) == count


def test_more_curves_than_colours_are_placed_too():
    assert len(places([f"valid_{index}-auc" for index in range(50)])) == 50


def test_no_two_metrics_share_chart_and_label():
    names = ["a", "train/a", "train_a", "train/train/a", "a/train", "/", "//", "", "val/", "/val"]
    found = places(names)
    assert len({(place.section, place.chart, place.label) for place in found}) == len(names)
