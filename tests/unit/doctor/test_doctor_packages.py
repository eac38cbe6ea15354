"""Versions of packages: folders of metadata, each with something wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from doctor_parts import SUBJECT, install, only

from amlflow_jupyter.doctor.breakages import BREAKAGES, VULNERABILITIES
from amlflow_jupyter.doctor.checks import versions
from amlflow_jupyter.doctor.finding import Finding, Level

PIP = "/env/bin/python -m pip"


def judge(site: Path, **packages: str) -> list[Finding]:
    for name, version in packages.items():
        install(site, name.replace("_", "-"), version)
    return list(versions.versions(SUBJECT, [str(site)]))


def test_what_is_installed_here_is_sound():
    finding = only(versions.versions(SUBJECT, None))
    assert finding.level is Level.OK
    assert "mlflow 3." in finding.message


@pytest.mark.parametrize(
    ("packages", "level", "part", "remedy"),
    [
        (
            {"azureml_mlflow": "1.60.0", "azureml_core": "1.60.0"},
            Level.WARNING,
            "azureml-mlflow 1.60.0 does not know how mlflow 3.15.0 asks for artifacts",
            'install "azureml-mlflow>=1.62.0.post6"',
        ),
        (
            {"azureml_mlflow": "1.62.0.post6"},
            Level.WARNING,
            "without azureml-core",
            'install "azureml-core"',
        ),
        (
            {"azure_ai_ml": "1.35.2", "marshmallow": "4.0.0"},
            Level.FAILURE,
            "azure-ai-ml 1.35.2 cannot be imported with marshmallow 4.0.0",
            'install "azure-ai-ml" "marshmallow<4"',
        ),
        (
            {"azureml_widgets": "1.62.0", "ipywidgets": "8.1.5"},
            Level.WARNING,
            "with ipywidgets 7 only",
            "uninstall --yes azureml-widgets",
        ),
        ({"pandas": "3.0.1"}, Level.WARNING, "not made for pandas 3", 'install "pandas>=2.2,<3"'),
        (
            {"ipywidgets": "8.1.5", "jupyterlab_widgets": "1.1.0"},
            Level.FAILURE,
            "do not belong together",
            'install "ipywidgets>=8.1" "jupyterlab-widgets>=3"',
        ),
        (
            {"ipywidgets": "7.8.1", "jupyterlab": "4.4.0"},
            Level.FAILURE,
            "too old for JupyterLab 4.4.0",
            'install "ipywidgets>=8.1"',
        ),
        (
            {"anywidget": "0.9.2", "jupyterlab": "4.4.0"},
            Level.FAILURE,
            "anywidget 0.9.2 is older",
            'install "anywidget>=0.9.18"',
        ),
    ],
)
def test_known_breakages(tmp_path, packages, level, part, remedy):
    mlflow = {"mlflow": "3.15.0", "mlflow_skinny": "3.15.0"}
    finding = only(judge(tmp_path, **mlflow, **packages))
    assert finding.level is level
    assert part in finding.message
    assert finding.remedy == f"{PIP} {remedy}"


def test_every_rule_says_where_it_is_known_from():
    assert all(rule.source and rule.says.endswith(".") for rule in BREAKAGES)


def test_older_mlflows_do_not_ask_azureml_mlflow_by_name(tmp_path):
    found = judge(tmp_path, mlflow="3.1.4", mlflow_skinny="3.1.4", azureml_mlflow="1.60.0")
    assert not any("asks for artifacts" in one.message for one in found)


def test_an_mlflow_beyond_what_azureml_mlflow_takes(tmp_path):
    install(tmp_path, "azureml-mlflow", "1.62.0.post6", "mlflow-skinny<=3.15.0")
    finding = only(judge(tmp_path, mlflow="3.17.0", mlflow_skinny="3.17.0", azureml_core="1.61.0"))
    assert finding.level is Level.WARNING
    assert "azureml-mlflow 1.62.0.post6 asks for mlflow-skinny <=3.15.0, but 3.17.0" in (
        finding.message
    )
    assert finding.remedy == f'{PIP} install "mlflow<=3.15.0"'


def test_an_older_azureml_mlflow_is_to_be_renewed(tmp_path):
    install(tmp_path, "azureml-mlflow", "1.62.0.post5", "mlflow-skinny<=3.13.0")
    finding = only(judge(tmp_path, mlflow="3.15.0", mlflow_skinny="3.15.0", azureml_core="1.61.0"))
    assert finding.remedy == f'{PIP} install "azureml-mlflow>=1.62.0.post6"'


def test_parts_of_mlflow_of_different_versions(tmp_path):
    install(tmp_path, "mlflow", "3.15.0", "mlflow-skinny==3.15.0", "mlflow-tracing==3.15.0")
    found = judge(tmp_path, mlflow_skinny="3.14.0", mlflow_tracing="3.15.0")
    finding = only(found)
    assert finding.level is Level.FAILURE
    assert "mlflow 3.15.0 and mlflow-skinny 3.14.0 are parts of one package" in finding.message
    assert finding.remedy == f'{PIP} install "mlflow==3.15.0" "mlflow-skinny==3.15.0"'


def test_known_vulnerabilities_are_named(tmp_path):
    finding = only(judge(tmp_path, mlflow="2.19.0", mlflow_skinny="2.19.0"))
    assert finding.level is Level.WARNING
    for one in VULNERABILITIES:
        assert one.name in finding.message
    assert finding.remedy == f'{PIP} install "mlflow>=3.13.0,<4"'


def test_only_what_is_not_mended_is_named(tmp_path):
    finding = only(judge(tmp_path, mlflow="3.11.1", mlflow_skinny="3.11.1"))
    assert "CVE-2026-8147 (fixed in 3.13.0)" in finding.message
    assert "CVE-2025-11201" not in finding.message


def test_pip_chooses_mlflow_and_azureml_mlflow_together(tmp_path):
    packages = {"azureml_mlflow": "1.62.0.post6", "azureml_core": "1.61.0"}
    finding = only(judge(tmp_path, mlflow="3.11.1", mlflow_skinny="3.11.1", **packages))
    assert finding.remedy == (f'{PIP} install "mlflow>=3.13.0,<4" "azureml-mlflow>=1.62.0.post6"')


def test_an_mlflow_below_what_amlflow_asks_for(tmp_path):
    install(tmp_path, "amlflow-jupyter", "0.1.0", "mlflow>=3.11,<4")
    found = judge(tmp_path, mlflow="3.5.0", mlflow_skinny="3.5.0")
    finding = next(one for one in found if one.level is Level.FAILURE)
    assert "amlflow-jupyter 0.1.0 asks for mlflow <4,>=3.11, but 3.5.0" in finding.message
    assert finding.remedy == f'{PIP} install "mlflow<4,>=3.11"'


def test_a_requirement_that_is_missing(tmp_path):
    install(tmp_path, "mlflow", "3.15.0", "mlflow-skinny==3.15.0", 'boto3; extra == "extras"')
    finding = only(judge(tmp_path))
    assert finding.level is Level.FAILURE
    assert "mlflow 3.15.0 needs mlflow-skinny, which is not installed" in finding.message


def test_a_protobuf_that_another_package_cannot_take(tmp_path):
    install(tmp_path, "tensorflow-metadata", "1.0", "protobuf<5")
    found = judge(tmp_path, protobuf="7.36.2", mlflow="3.15.0", mlflow_skinny="3.15.0")
    finding = only(found)
    assert finding.level is Level.WARNING
    assert "tensorflow-metadata 1.0 asks for protobuf <5, but 7.36.2" in finding.message


def test_what_others_want_of_others_is_not_told(tmp_path):
    install(tmp_path, "this", "1.0", "that>2")
    found = judge(tmp_path, that="1.0", mlflow="3.15.0", mlflow_skinny="3.15.0")
    assert only(found).level is Level.OK


def test_no_mlflow_at_all(tmp_path):
    finding = only(judge(tmp_path))
    assert finding.level is Level.FAILURE
    assert "MLflow is not installed" in finding.message


def test_an_interrupted_installation(tmp_path):
    (tmp_path / "mlflow-3.14.0.dist-info").mkdir()
    (tmp_path / "~lflow").mkdir()
    found = judge(tmp_path, mlflow="3.15.0", mlflow_skinny="3.15.0")
    assert [one.level for one in found] == [Level.WARNING, Level.WARNING]
    assert found[0].remedy == (
        f"mv {tmp_path}/mlflow-3.14.0.dist-info {tmp_path}/mlflow-3.14.0.dist-info.broken"
    )


def test_metadata_that_makes_no_sense_is_passed_over(tmp_path):
    install(tmp_path, "strange", "not a version")
    install(tmp_path, "mlflow", "3.15.0", "((( not a requirement")
    assert only(judge(tmp_path, mlflow_skinny="3.15.0")).level is Level.OK
