"""The sizes of virtual machines, and how many of them a subscription may use."""

from __future__ import annotations

from typing import Any

from loopback.calls import Answer, Call
from loopback.world import PROVIDER

# Name, family, cores, GPUs, memory (GB), disk (MB).
_SIZES = (
    ("Standard_DS1_v2", "standardDSv2Family", 1, 0, 3.5, 7168),
    ("Standard_DS2_v2", "standardDSv2Family", 2, 0, 7.0, 14336),
    ("Standard_DS3_v2", "standardDSv2Family", 4, 0, 14.0, 28672),
    ("Standard_DS11_v2", "standardDSv2Family", 2, 0, 14.0, 28672),
    ("STANDARD_D2_V2", "standardDv2Family", 2, 0, 7.0, 102400),
    ("STANDARD_D4_V2", "standardDv2Family", 8, 0, 28.0, 409600),
    ("Standard_E4ds_v4", "standardEDSv4Family", 4, 0, 32.0, 153600),
    ("Standard_F4s_v2", "standardFSv2Family", 4, 0, 8.0, 32768),
    ("Standard_NC6s_v3", "standardNCSv3Family", 6, 1, 112.0, 344064),
    ("Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family", 24, 1, 220.0, 65536),
)
QUOTA = 24
SIZES: list[dict[str, Any]] = [
    {
        "name": name,
        "family": family,
        "vCPUs": cores,
        "gpus": gpus,
        "memoryGB": memory,
        "maxResourceVolumeMB": disk,
        "osVhdSizeMB": 1047552,
        "lowPriorityCapable": True,
        "premiumIO": name.startswith("Standard_DS"),
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
    }
    for name, family, cores, gpus, memory, disk in _SIZES
]


def size(name: str) -> dict[str, Any] | None:
    """Return what is known of a size; its name is written in any case."""
    return next((each for each in SIZES if each["name"].lower() == name.lower()), None)


async def sizes(_: Call) -> Answer:
    """Answer which sizes a region offers."""
    return {"amlCompute": SIZES, "value": SIZES}


async def usages(call: Call) -> Answer:
    """Answer how many cores of each family are in use."""
    return {"value": [{**each, "currentValue": 0} for each in _limits(call, "usages")]}


async def quotas(call: Call) -> Answer:
    """Answer how many cores of each family may be used."""
    return {"value": _limits(call, "quotas")}


def _limits(call: Call, kind: str) -> list[dict[str, Any]]:
    region = (
        f"/subscriptions/{call['subscription']}/providers/{PROVIDER}/locations/{call['region']}"
    )
    families = dict.fromkeys(each["family"] for each in SIZES)
    return [
        {
            "id": f"{region}/{family}/{kind}",
            "type": f"{PROVIDER}/{kind}",
            "name": {"value": family, "localizedValue": family},
            "limit": QUOTA,
            "unit": "Count",
        }
        for family in families
    ]
